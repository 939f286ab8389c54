import type { Sql } from './connection.ts';
import { customersUnderHold } from './evidence-bundles.ts';
import type { StripeEventRow, StripeEventStatus } from './stripe-events.ts';

/** What waits for somebody is kept whole, however old. */
const OPEN: readonly StripeEventStatus[] = ['received', 'waiting', 'failed', 'dead'];

/** Ended events with their payload, oldest first, received from `from` on and before `before`; none under legal hold. */
export async function listPrunableEvents(
  sql: Sql,
  received: { from: number; before: number },
  limit: number,
): Promise<Pick<StripeEventRow, 'id' | 'payload' | 'received_at'>[]> {
  return endedEvents(sql)
    .whereNull('pruned_at')
    .where('received_at', '>=', received.from)
    .where('received_at', '<', received.before)
    .orderBy('received_at')
    .limit(limit)
    .select('id', 'payload', 'received_at');
}

/** The signature goes with the bytes that it signed; the hash of them stays. */
export async function prunePayload(sql: Sql, id: string, payload: string, at: number): Promise<void> {
  await sql('stripe_events').where({ id }).update({ payload, signature_header: null, pruned_at: at });
}

/** Throws whole rows away, a part at a time; returns how many. */
export async function deleteEventsBefore(sql: Sql, before: number, limit: number): Promise<number> {
  const some = endedEvents(sql)
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit)
    .select('id');
  return sql('stripe_events').whereIn('id', some).delete();
}

function endedEvents(sql: Sql) {
  const held = sql('customer_links')
    .whereIn('customer_id', customersUnderHold(sql))
    .whereNotNull('stripe_customer_id')
    .select('stripe_customer_id');
  return sql<StripeEventRow>('stripe_events')
    .whereNotIn('status', [...OPEN])
    .where((query) => query.whereNull('stripe_customer_id').orWhereNotIn('stripe_customer_id', held));
}
