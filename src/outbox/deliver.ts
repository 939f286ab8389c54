import { unshowCard } from '#db/cards.ts';
import type { Database } from '#db/connection.ts';
import {
  foldOutbox,
  leaseOutbox,
  listUnsent,
  listWaitingTargets,
  type OutboxRow,
  readTargetState,
  settleOutbox,
} from '#db/outbox.ts';
import { inTransaction } from '#db/transaction.ts';
import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Log } from '#src/core/log.ts';
import type { Announcer } from './announcer.ts';
import { DIGEST_ABOVE, DIGEST_MAX, digestOf } from './digest.ts';
import { footnoteOf } from './footnote.ts';
import { postpone, problemOf } from './postpone.ts';
import { type RenderCard, type Sent, sendRow } from './send-row.ts';
import { staleBecause } from './stale.ts';
import { settleCardTrouble, settleTrouble } from './trouble.ts';

export type OutboxDeps = {
  database: Database;
  clock: Clock;
  log: Log;
  announcer: Announcer;
  renderCard: RenderCard;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
};

/** What one look into the outbox did. */
export type Delivered = {
  sent: number;
  /** Messages told by a digest instead. */
  folded: number;
  postponed: number;
  dead: number;
};

/** Slack takes about one message a second in a channel (docs.slack.dev/apis/web-api/rate-limits). */
const PACE_MS = SECOND_MS;
/** Longer than any one send can take, so that a lease that ran out means a process that died. */
const LEASE_MS = 15 * SECOND_MS;
/** What is begun later than this might not be at Slack before the lease runs out, and so might be posted twice. */
const SEND_WITHIN_MS = 3 * SECOND_MS;
const TARGETS_MAX = 100;

/**
 * One look into the outbox: at most one message to each target, the oldest first, so that every channel reads in
 * order. A target whose oldest message waits, waits whole; the others go on. Any number of processes may look.
 */
export async function deliverDue(deps: OutboxDeps): Promise<Delivered> {
  const targets = await listWaitingTargets(deps.database.knex, TARGETS_MAX);
  const looks = await Promise.allSettled(targets.map((target) => deliverNext(deps, target)));
  for (const look of looks)
    if (look.status === 'rejected')
      deps.log.error({ err: look.reason, event: 'outbox_look_failed' }, errorMessage(look.reason));
  const done = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
  return done.reduce(
    (sum, one) => ({
      sent: sum.sent + one.sent,
      folded: sum.folded + one.folded,
      postponed: sum.postponed + one.postponed,
      dead: sum.dead + one.dead,
    }),
    nothing,
  );
}

const nothing: Delivered = { sent: 0, folded: 0, postponed: 0, dead: 0 };

async function deliverNext(deps: OutboxDeps, target: string): Promise<Delivered> {
  const sql = deps.database.knex;
  const now = deps.clock.now();
  const [head] = await listUnsent(sql, target, 1);
  if (!head || !isDue(head, now)) return nothing;
  const { waiting, lastSentAt } = await readTargetState(sql, target);
  if (lastSentAt !== null && now - lastSentAt < PACE_MS) return nothing;
  const token = newId('lease', now);
  if (!(await leaseOutbox(sql, head.id, token, now, now + LEASE_MS))) return nothing;
  const stale = await staleBecause(sql, head);
  if (stale !== null) {
    await settleOutbox(sql, head.id, token, { state: 'folded', error: stale });
    return { ...nothing, folded: 1 };
  }
  const isPlain = isFoldable(head);
  const rows = isPlain && waiting > DIGEST_ABOVE ? await foldable(deps, target, head) : [head];
  // Stood still since (a paused machine, a blocked loop): another process may be sending it by now.
  if (deps.clock.now() - now > SEND_WITHIN_MS) return nothing;
  return send(deps, target, rows, token);
}

function isDue(row: OutboxRow, now: number): boolean {
  return row.state === 'pending' ? row.next_attempt_at <= now : (row.lease_until ?? 0) < now;
}

/** The head with what waits behind it. Only a head is ever being sent, so the others are all pending. */
async function foldable(deps: OutboxDeps, target: string, head: OutboxRow): Promise<OutboxRow[]> {
  const behind = await listUnsent(deps.database.knex, target, DIGEST_MAX);
  return [head, ...behind.filter((row) => row.id !== head.id && row.state === 'pending' && isFoldable(row))];
}

/** A card keeps its buttons, a reply its thread, and a call whom it calls, however many messages wait. */
function isFoldable(row: OutboxRow): boolean {
  return !row.card_key && !row.thread_of && !row.only_while;
}

async function send(
  deps: OutboxDeps,
  target: string,
  rows: readonly OutboxRow[],
  token: string,
): Promise<Delivered> {
  const [head, ...folded] = rows;
  if (!head) return nothing;
  let sent: Sent;
  try {
    sent = await sendOut(deps, target, rows, head);
  } catch (error) {
    const { isDead } = await postpone(deps, target, head, token, problemOf(error));
    return isDead ? { ...nothing, dead: 1 } : { ...nothing, postponed: 1 };
  }
  try {
    const sentAt = deps.clock.now();
    await inTransaction(deps.database, async (sql) => {
      const isOurs = await settleOutbox(sql, head.id, token, endOf(sent, sentAt));
      if (isOurs) await sent.settle(sql, sentAt);
      // Late: what was written may be older than what another process wrote meanwhile, so it is shown once more.
      else if (head.card_key) await unshowCard(sql, head.card_key);
      if (isOurs && folded.length > 0)
        await foldOutbox(
          sql,
          folded.map((row) => row.id),
          head.id,
        );
    });
    if (head.attempts > 0) await settleTrouble(deps, target);
    if (head.card_key && sent.posted) await settleCardTrouble(deps, head.card_key);
    return { ...nothing, sent: sent.posted ? 1 : 0, folded: folded.length + (sent.posted ? 0 : 1) };
  } catch (error) {
    // It is there, but that could not be written down: the row stays leased, and is sent again with its footnote.
    deps.log.error(
      { err: error, event: 'sent_not_settled', correlationId: head.correlation_id, target },
      errorMessage(error),
    );
    return nothing;
  }
}

async function sendOut(
  deps: OutboxDeps,
  target: string,
  rows: readonly OutboxRow[],
  head: OutboxRow,
): Promise<Sent> {
  const footnote = footnoteOf(head);
  if (rows.length === 1) return sendRow(deps.database.knex, deps.announcer, deps.renderCard, head, footnote);
  const posted = await deps.announcer.post(target, digestOf(rows), footnote ? { footnote } : {});
  return { posted, settle: async () => {} };
}

function endOf(sent: Sent, at: number): Partial<OutboxRow> {
  if (!sent.posted) return { state: 'folded', error: 'its card shows this already' };
  const { channel, ts } = sent.posted;
  return { state: 'sent', sent_channel: channel, sent_ts: ts, sent_at: at, error: null };
}
