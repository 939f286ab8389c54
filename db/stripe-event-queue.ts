import type { Sql } from './connection.ts';
import type { StripeEventRow, StripeEventStatus } from './stripe-events.ts';

/** Events of a customer that came before anybody said whose they are. */
export async function releaseWaiting(sql: Sql, stripeCustomerId: string, now: number): Promise<number> {
  return sql('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId, status: 'waiting' })
    .update({ status: 'received', next_attempt_at: now });
}

/** What a sync pass of this customer has to settle: received, and failed ones whose pause is over. */
export async function listOpenEvents(
  sql: Sql,
  stripeCustomerId: string,
  now: number,
  limit: number,
): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereIn('status', ['received', 'failed', 'waiting'])
    .where('next_attempt_at', '<=', now)
    .orderBy(['received_at', 'id'])
    .limit(limit);
}

/** When the next of this customer's open events may be tried; null when none is open. */
export async function nextOpenEventAt(sql: Sql, stripeCustomerId: string): Promise<number | null> {
  const row = await sql('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereIn('status', ['received', 'failed', 'waiting'])
    .min({ next: 'next_attempt_at' })
    .first();
  return row?.next == null ? null : Number(row.next);
}

/** Events that name no customer themselves, such as disputes and some refunds. */
export async function listUnresolvedEvents(sql: Sql, now: number, limit: number): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .whereNull('stripe_customer_id')
    .whereIn('status', ['received', 'failed'])
    .where('next_attempt_at', '<=', now)
    .orderBy('received_at')
    .limit(limit);
}

/** Open events of these types and customers. */
export async function listOpenEventsOfType(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  types: readonly string[],
): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .whereIn('status', ['received', 'failed'])
    .whereIn('type', [...types]);
}

/** Ends events whose effects are in the same transaction. */
export async function finishEvents(
  sql: Sql,
  ids: readonly string[],
  outcome: string,
  now: number,
): Promise<void> {
  if (ids.length === 0) return;
  await sql('stripe_events')
    .whereIn('id', [...ids])
    .update({ status: 'done', outcome, processed_at: now, error: null, attempts: sql.raw('attempts + 1') });
}

/** Parks what came for a Stripe customer that is linked to nobody; returns a few of their ids. */
export async function parkEvents(sql: Sql, stripeCustomerId: string): Promise<string[]> {
  const rows: { id: string }[] = await sql('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereIn('status', ['received', 'failed'])
    .update({ status: 'waiting', outcome: 'Nobody of ours is linked to this Stripe customer yet.' })
    .returning('id');
  return rows.slice(0, 20).map((row) => row.id);
}

/** Events that can carry a proof of whose Stripe customer it is. */
export async function listProofEvents(sql: Sql, stripeCustomerId: string): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereIn('status', ['received', 'failed', 'waiting'])
    .whereIn('type', [
      'checkout.session.completed',
      'checkout.session.async_payment_succeeded',
      'customer.created',
      'customer.updated',
    ])
    .orderBy('received_at', 'desc')
    .limit(20);
}

/** Set apart and not yet told of. */
export async function listUntoldQuarantined(sql: Sql, limit: number): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .where({ status: 'quarantined' })
    .whereNull('outcome')
    .orderBy('received_at')
    .limit(limit);
}

export async function countEventsByStatus(sql: Sql, statuses: readonly StripeEventStatus[]): Promise<number> {
  const row = await sql('stripe_events')
    .whereIn('status', [...statuses])
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}
