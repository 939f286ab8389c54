import type { Sql } from './connection.ts';

/** What happened to a Stripe customer's data here lately. */
export type Unrest = {
  /** Work about them waits here: what differs may be right in a moment. */
  isDirty: boolean;
  /** It waits for its first pass, which nothing has kept from coming yet: what differs says nothing. */
  isOnItsWay: boolean;
  /** When something about them last moved here; milliseconds. */
  movedAt: number;
};

export async function readUnrest(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  customerId: string | null,
): Promise<Unrest> {
  const syncs: Sync[] = await sql('customer_sync')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .select('dirty_seq', 'synced_seq', 'attempts', 'bulk_id', 'synced_at');
  const dirty = syncs.filter((row) => row.dirty_seq > row.synced_seq);
  const received = await sql('stripe_events')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .max({ at: 'received_at' })
    .first();
  const entitled = customerId
    ? await sql('entitlements').where({ customer_id: customerId }).first('updated_at')
    : undefined;
  const moments = [...syncs.map((row) => row.synced_at), received?.at, entitled?.updated_at];
  return {
    isDirty: dirty.length > 0,
    isOnItsWay: dirty.some((row) => row.attempts === 0 || row.bulk_id !== null),
    movedAt: Math.max(0, ...moments.map((at) => Number(at ?? 0))),
  };
}

type Sync = {
  dirty_seq: number;
  synced_seq: number;
  attempts: number;
  bulk_id: string | null;
  synced_at: number | null;
};

/** How far the workers are with each of these Stripe customers. */
export async function listSyncSeqs(
  sql: Sql,
  stripeCustomerIds: readonly string[],
): Promise<
  { stripe_customer_id: string; dirty_seq: number; synced_seq: number; last_error: string | null }[]
> {
  return sql('customer_sync')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .select('stripe_customer_id', 'dirty_seq', 'synced_seq', 'last_error');
}
