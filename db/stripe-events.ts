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
  /** Tries that failed by a defect. Those that failed because Stripe was away count apart. */
  attempts: number;
  away_attempts: number;
  dead_count: number;
  /** When its last try failed by a defect. */
  failed_at?: number | null;
  next_attempt_at: number;
  error: string | null;
  outcome: string | null;
  caused_by: string | null;
  correlation_id: string;
  processed_at: number | null;
  /** When the payload was reduced to the ids in it. */
  pruned_at?: number | null;
};

export async function findStripeEvent(sql: Sql, id: string): Promise<StripeEventRow | undefined> {
  return sql<StripeEventRow>('stripe_events').where({ id }).first();
}

export async function updateEvent(sql: Sql, id: string, patch: Partial<StripeEventRow>): Promise<void> {
  await sql('stripe_events').where({ id }).update(patch);
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

export async function listEventsByObject(sql: Sql, id: string): Promise<StripeEventRow[]> {
  return sql<StripeEventRow>('stripe_events')
    .where({ object_id: id })
    .orWhere({ stripe_customer_id: id })
    .orWhere({ correlation_id: id })
    .orderBy('received_at')
    .limit(100);
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

/** Which of these the inbox has. */
export async function listKnownEventIds(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows: { id: string }[] = await sql('stripe_events')
    .whereIn('id', [...ids])
    .select('id');
  return new Set(rows.map((row) => row.id));
}
