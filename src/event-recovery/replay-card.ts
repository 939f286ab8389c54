import type { Sql } from '#db/connection.ts';
import type { EventSummary } from '#db/stripe-event-reports.ts';
import type { StripeEventStatus } from '#db/stripe-events.ts';
import { countReplayed, findReplay, listReplayed, type WebhookReplayRow } from '#db/webhook-replays.ts';
import type { Cause } from '#src/core/cause.ts';
import { clamp, counted, listed } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply, Section } from '#src/replies/reply.ts';

const SHOWN = 15;

/** What became of them, in the order in which a reader wants to know. */
const words: readonly [StripeEventStatus, string][] = [
  ['done', 'handled'],
  ['received', 'waiting for their turn'],
  ['failed', 'failed and will be tried again'],
  ['dead', 'failed for good again'],
  ['waiting', 'waiting for a link to a customer'],
  ['ignored', 'belong to nobody'],
];

/** `replay:run_…`, the card's key. */
function cardKey(runId: string): string {
  return `replay:${runId}`;
}

/** How a batch goes, from its rows alone. */
export async function replayCard(
  sql: Sql,
  runId: string,
): Promise<{ row: WebhookReplayRow; reply: Reply; version: number } | null> {
  const row = await findReplay(sql, runId);
  if (!row) return null;
  const counts = await countReplayed(sql, row.correlation_id);
  const isDone = row.state === 'done';
  const hasDead = (counts.dead ?? 0) > 0;
  return {
    row,
    version: row.version,
    reply: {
      tone: hasDead ? 'warning' : isDone ? 'done' : 'sending',
      title: `${row.requested_by}’s replay of ${counted(row.total, 'Stripe event')}: ${progressOf(row, counts)}.`,
      sections: [await outcomeSection(sql, row)],
      ...(hasDead
        ? {
            hint: 'What failed again is with the billing engineering rotation; look at it with “webhook show”.',
          }
        : {}),
      correlationId: row.correlation_id,
    },
  };
}

/** `8 of 12 at their end; 8 handled, 3 waiting for their turn and 1 failed for good again`. */
export function progressOf(
  row: WebhookReplayRow,
  counts: Partial<Record<StripeEventStatus, number>>,
): string {
  const parts = words.flatMap(([status, word]) => (counts[status] ? [`${counts[status]} ${word}`] : []));
  const known = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (known < row.total) parts.push(`${row.total - known} taken over by a later replay`);
  return listed(parts);
}

/** Each outcome, as far as there is room. */
export async function outcomeSection(sql: Sql, row: WebhookReplayRow): Promise<Section> {
  const events = await listReplayed(sql, row.correlation_id, SHOWN);
  return {
    heading: row.total > SHOWN ? `The last ${SHOWN} of ${row.total}` : 'Outcomes',
    table: {
      columns: ['Event', 'Type', 'Outcome'],
      rows: events.map((event) => [{ code: event.id }, event.type, outcomeOf(event)]),
    },
    empty: 'None yet.',
  };
}

/** `action: subscription_updated: version 3`, as the log has it, or why there is none. */
function outcomeOf({ status, outcome, error }: EventSummary): string {
  if (status === 'done') return clamp(`action: ${outcome ?? 'none'}`, 120);
  if (error) return clamp(`${status}: ${error}`, 120);
  return words.find(([candidate]) => candidate === status)?.[1] ?? status;
}

export async function renewReplayCard(sql: Sql, cause: Cause, runId: string): Promise<void> {
  const card = await replayCard(sql, runId);
  if (!card) throw new Error(`Replay ${runId} has no row to make a card of`);
  await renewCard(sql, cause, {
    key: cardKey(runId),
    target: 'oncall',
    version: card.version,
    reply: card.reply,
  });
}
