import type { Sql } from './connection.ts';

export type SyncedCustomer = { stripe_customer_id: string; customer_id: string; synced_at: number };

/** Customers whom a pass left clean, behind one of them and up to a moment; in that order. */
export async function listSynced(
  sql: Sql,
  page: { after: { at: number; id: string }; until: number; limit: number },
): Promise<SyncedCustomer[]> {
  return sql('customer_sync as s')
    .join('customer_links as l', 'l.stripe_customer_id', 's.stripe_customer_id')
    .whereNot('l.status', 'removed')
    .whereRaw('s.dirty_seq = s.synced_seq')
    .whereRaw('(s.synced_at, s.stripe_customer_id) > (?, ?)', [page.after.at, page.after.id])
    .where('s.synced_at', '<=', page.until)
    .orderBy(['s.synced_at', 's.stripe_customer_id'])
    .limit(page.limit)
    .select('s.stripe_customer_id', 'l.customer_id', 's.synced_at');
}

/** How each of these Stripe customers stands in the queue. */
export async function listSyncStates(
  sql: Sql,
  stripeCustomerIds: readonly string[],
): Promise<
  {
    stripe_customer_id: string;
    dirty_seq: number;
    synced_seq: number;
    attempts: number;
    last_error: string | null;
    synced_at: number | null;
    next_attempt_at: number;
  }[]
> {
  return sql('customer_sync')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .select(
      'stripe_customer_id',
      'dirty_seq',
      'synced_seq',
      'attempts',
      'last_error',
      'synced_at',
      'next_attempt_at',
    );
}
