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
