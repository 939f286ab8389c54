import type { Sql } from './connection.ts';

export type StripeEventStatus =
  | 'received'
  | 'waiting'
  | 'done'
  | 'ignored'
  | 'deferred'
  | 'failed'
  | 'dead'
  | 'quarantined';

export type StripeEventRow = {
  id: string;
  mode: string;
  account: string | null;
  api_version: string | null;
  type: string;
  object_id: string | null;
  stripe_customer_id: string | null;
  created_at: number;
  received_at: number;
  source: 'webhook' | 'replay' | 'poll';
  delivery_count: number;
  secret_slot: number | null;
  signature_header: string | null;
  payload: string;
  payload_sha256: string;
  status: StripeEventStatus;
  attempts: number;
  dead_count: number;
  next_attempt_at: number;
  error: string | null;
  outcome: string | null;
  caused_by: string | null;
  correlation_id: string;
  processed_at: number | null;
};

export async function findStripeEvent(sql: Sql, id: string): Promise<StripeEventRow | undefined> {
  return sql<StripeEventRow>('stripe_events').where({ id }).first();
}

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
    .whereIn('status', ['received', 'failed'])
    .where('next_attempt_at', '<=', now)
    .orderBy('received_at')
    .limit(limit);
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

export async function updateEvent(sql: Sql, id: string, patch: Partial<StripeEventRow>): Promise<void> {
  await sql('stripe_events').where({ id }).update(patch);
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

/** The newest event of a customer, for a hint at who it may be. */
export async function findNewestEvent(
  sql: Sql,
  stripeCustomerId: string,
): Promise<StripeEventRow | undefined> {
  return sql<StripeEventRow>('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId })
    .orderBy('received_at', 'desc')
    .first();
}

/** The second at which Stripe first reported that this invoice failed. */
export async function findFirstFailure(sql: Sql, invoiceId: string): Promise<number | null> {
  const row = await sql('stripe_events')
    .where({ object_id: invoiceId })
    .whereIn('type', ['invoice.payment_failed', 'invoice.payment_action_required'])
    .min({ first: 'created_at' })
    .first();
  return row?.first == null ? null : Number(row.first);
}

/** When Stripe first said that this invoice was paid, for renderings without `status_transitions`. */
export async function findPaidEvent(sql: Sql, objectId: string): Promise<number | null> {
  const row = await sql('stripe_events')
    .where({ object_id: objectId })
    .whereIn('type', [
      'invoice.paid',
      'checkout.session.completed',
      'checkout.session.async_payment_succeeded',
    ])
    .min({ first: 'created_at' })
    .first();
  return row?.first == null ? null : Number(row.first);
}

/** Set apart and not yet told of. */
export async function listUntoldQuarantined(sql: Sql, limit: number): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .where({ status: 'quarantined' })
    .whereNull('outcome')
    .orderBy('received_at')
    .limit(limit);
}

export async function listEventsByObject(sql: Sql, id: string): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .where({ object_id: id })
    .orWhere({ stripe_customer_id: id })
    .orWhere({ correlation_id: id })
    .orderBy('received_at')
    .limit(100);
}

export async function countEventsByStatus(sql: Sql, statuses: readonly StripeEventStatus[]): Promise<number> {
  const row = await sql('stripe_events')
    .whereIn('status', [...statuses])
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

/** For events fetched from Stripe's Events API; one that is there already stays as it is. */
export async function insertEventIfNew(sql: Sql, row: StripeEventRow): Promise<void> {
  await sql('stripe_events').insert(row).onConflict('id').ignore();
}

/** Events that wait for somebody to say whose they are. */
export async function countWaiting(sql: Sql, stripeCustomerId: string): Promise<number> {
  const row = await sql('stripe_events')
    .where({ stripe_customer_id: stripeCustomerId, status: 'waiting' })
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

export async function listEventsBetween(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  from: number,
  to: number,
): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .whereBetween('received_at', [from, to])
    .orderBy('received_at')
    .limit(200);
}
