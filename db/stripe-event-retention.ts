import type { Sql } from './connection.ts';
import { customersUnderHold } from './evidence-bundles.ts';
import type { StripeEventRow } from './stripe-events.ts';

/** What waits for somebody is kept whole, however old. As the partial index says it, word by word. */
const hasEnded = "status not in ('received', 'waiting', 'failed', 'dead')";

/** Ended events with their payload that were received before that moment, oldest first; none under legal hold. */
export async function listPrunableEvents(
  sql: Sql,
  before: number,
  limit: number,
): Promise<Pick<StripeEventRow, 'id' | 'payload'>[]> {
  return endedEvents(sql)
    .whereRaw('pruned_at is null')
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit)
    .select('id', 'payload');
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
  return sql<StripeEventRow>('stripe_events')
    .whereRaw(hasEnded)
    .where((query) => {
      query.whereNull('stripe_customer_id').orWhere((named) => {
        for (const held of stripeCustomersUnderHold(sql)) named.whereNotIn('stripe_customer_id', held);
      });
    });
}

/** A link can be taken away and given to somebody else; what was paid and disputed stays with whom it was booked for. */
function stripeCustomersUnderHold(sql: Sql) {
  const ofCustomer = (table: 'customer_links' | 'payments' | 'disputes') =>
    sql(table)
      .whereIn('customer_id', customersUnderHold(sql))
      .whereNotNull('stripe_customer_id')
      .select('stripe_customer_id');
  const ofBundle = sql('disputes')
    .whereIn(
      'id',
      sql('evidence_bundles').where({ legal_hold: 1 }).whereNotNull('dispute_id').select('dispute_id'),
    )
    .whereNotNull('stripe_customer_id')
    .select('stripe_customer_id');
  return [ofCustomer('customer_links'), ofCustomer('payments'), ofCustomer('disputes'), ofBundle];
}
