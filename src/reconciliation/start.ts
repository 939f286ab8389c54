import type { Sql } from '#db/connection.ts';
import { findOpenRun, insertReconcileRun, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { countMirrored } from '#db/reconcile-scan.ts';
import { insertShards, type ListName, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, SECOND_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { FindingKind } from './kinds.ts';
import { planParts } from './plan-parts.ts';
import type { Range } from './split.ts';

/** Stripe opened to the public then: no account has anything older. */
const STRIPE_BEGAN = Date.UTC(2010, 0, 1);
/** Parts for each reader, so that one process does not have them all at once. */
const PARTS_EACH = 2;

/**
 * Writes down that everything is to be compared; workers carry it from there, whoever dies meanwhile.
 *
 * @param openedAt when the account was opened, where the key may ask; null reads from Stripe's own beginning
 */
export async function startReconciliation(
  sql: Sql,
  cause: Cause,
  wanted: {
    settings: Settings;
    mode: BillingMode;
    creditsSince: number;
    openedAt: number | null;
    kinds: readonly FindingKind[] | null;
  },
): Promise<ReconcileRunRow> {
  const open = await findOpenRun(sql, wanted.mode);
  if (open) throw alreadyOpen(open);
  const row = newRun(cause, wanted.mode, {
    customer_id: null,
    kinds: wanted.kinds && JSON.stringify(wanted.kinds),
    state: 'running',
    expected: await countMirrored(sql, wanted.mode),
  });
  if (!(await insertReconcileRun(sql, row))) throw alreadyOpen(null);
  // Whole seconds, as Stripe counts; what is made from now on is the webhooks’ matter.
  const before = Math.floor(cause.now / SECOND_MS) * SECOND_MS;
  const sinceMoney = Math.max(
    wanted.creditsSince,
    cause.now - wanted.settings.reconcile.payments_days * DAY_MS,
  );
  const ranges = await subscriptionRanges(sql, wanted, row, before);
  await insertShards(sql, [
    ...ranges.map((range) => newShard(cause.now, row.id, 'subscriptions', range)),
    newShard(cause.now, row.id, 'refunds', { from: Math.min(sinceMoney, before), before }),
    newShard(cause.now, row.id, 'sessions', { from: Math.min(sinceMoney, before), before }),
  ]);
  return row;
}

/** From when the account was opened; what is older, if anything was ever brought into it, is read all the same. */
async function subscriptionRanges(
  sql: Sql,
  { openedAt, settings }: { openedAt: number | null; settings: Settings },
  { mode, expected }: ReconcileRunRow,
  before: number,
): Promise<Range[]> {
  const isOpen = openedAt !== null && openedAt > STRIPE_BEGAN && openedAt < before;
  const list = { mode, mirrored: expected, from: isOpen ? openedAt : STRIPE_BEGAN, before };
  const parts = await planParts(sql, list, PARTS_EACH * settings.reconcile.parallel);
  return isOpen ? [...parts, { from: STRIPE_BEGAN, before: openedAt }] : parts;
}

export function newRun(
  cause: Cause,
  mode: BillingMode,
  about: Pick<ReconcileRunRow, 'customer_id' | 'kinds' | 'state' | 'expected'>,
): ReconcileRunRow {
  return {
    id: newId('rec', cause.now),
    mode,
    ...about,
    version: 1,
    actor: cause.actor.id,
    actor_name: cause.actor.name,
    reason: cause.reason ?? '',
    ticket: cause.ticket,
    correlation_id: cause.correlationId,
    run_id: cause.runId,
    started_at: cause.now,
    progress_at: cause.now,
    card_at: 0,
    ended_at: null,
    error: null,
    on_their_way: 0,
  };
}

export function newShard(
  now: number,
  runId: string,
  list: ListName,
  range: { from: number; before: number },
): ReconcileShardRow {
  return {
    id: newId('rcs', now),
    run_id: runId,
    list,
    from_at: range.from,
    before_at: range.before,
    cursor: null,
    cursor_at: null,
    cursor_known: 0,
    pages: 0,
    full_pages: 0,
    seen: 0,
    state: 'open',
    lease_token: null,
    lease_until: 0,
    next_attempt_at: 0,
    attempts: 0,
    error: null,
  };
}

export function alreadyOpen(open: ReconcileRunRow | null): UserError {
  const which = open ? `${open.actor_name}’s reconciliation ${open.id}` : 'Another reconciliation';
  return new UserError(
    'conflict',
    `${which} is not at its end yet, and one at a time is enough.`,
    'Look how it goes: reconcile show. To carry it from here: reconcile run --resume',
  );
}
