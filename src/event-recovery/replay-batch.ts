import type { Sql } from '#db/connection.ts';
import { listEventsInState } from '#db/stripe-event-reports.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { insertReplay } from '#db/webhook-replays.ts';
import { canReplay, replayEvent } from '#src/billing-events/replay-event.ts';
import type { Cause } from '#src/core/cause.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { Change } from '#src/replies/reply.ts';
import { renewReplayCard } from './replay-card.ts';
import { findUndelivered } from './undelivered.ts';

/** One event to handle again: ours, or only Stripe's, with the bytes in hand. */
export type ToReplay = { id: string; type: string; row: StripeEventRow | null; payload: string | null };

export type ReplayBatch = {
  /** Oldest first. */
  events: ToReplay[];
  /** More than `limit` are waiting. */
  hasMore: boolean;
};

/** What failed or died here since, and what Stripe could not deliver and the inbox has not got. */
export async function gatherBatch(
  sql: Sql,
  stripe: StripeGateway | null,
  wanted: { since: number; now: number; type: string | undefined; limit: number },
): Promise<ReplayBatch> {
  const { since, type, limit } = wanted;
  const rows = await listEventsInState(sql, { statuses: ['failed', 'dead'], since, type, limit: limit + 1 });
  const undelivered = stripe ? (await findUndelivered(sql, stripe, wanted)).events : [];
  const events = [
    ...rows.map((row) => ({ id: row.id, type: row.type, row, payload: null })),
    ...undelivered
      .filter((event) => event.known === null && isOfType(event.type, type))
      .map((event) => ({ id: event.id, type: event.type, row: null, payload: event.payload })),
  ].filter((event) => canReplay(event.type));
  return { events: events.slice(0, limit), hasMore: events.length > limit };
}

/** `invoice.*` is every type that begins so. */
function isOfType(type: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** How many of each type it is, and what they are now. */
export function batchChanges({ events }: ReplayBatch): Change[] {
  const types = new Map<string, Map<string, number>>();
  for (const { type, row } of events) {
    const states = types.get(type) ?? new Map<string, number>();
    const state = row?.status ?? 'only at Stripe';
    types.set(type, states.set(state, (states.get(state) ?? 0) + 1));
  }
  return [...types].sort().map(([type, states]) => ({
    label: type,
    before: [...states].map(([state, count]) => `${count} ${state}`).join(', '),
    after: 'handled again',
  }));
}

/** Puts all of it into the queue, and begins the card that shows how it goes. */
export async function replayBatch(sql: Sql, cause: Cause, { events }: ReplayBatch): Promise<void> {
  if (cause.runId === null) throw new Error('A batch is replayed by a run');
  for (const { row, payload } of events) await replayEvent(sql, cause, { row, payload });
  await insertReplay(sql, {
    run_id: cause.runId,
    correlation_id: cause.correlationId,
    requested_by: cause.actor.name,
    total: events.length,
    settled: 0,
    version: 1,
    state: 'running',
    started_at: cause.now,
    ended_at: null,
  });
  await renewReplayCard(sql, cause, cause.runId);
}
