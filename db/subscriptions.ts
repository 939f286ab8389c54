import type { Sql } from './connection.ts';

export type SubscriptionRow = {
  id: string;
  mode: string;
  stripe_customer_id: string;
  status: string;
  /** JSON text of SubscriptionItem[]. */
  items: string;
  pause_behavior: string | null;
  cancel_at: number | null;
  ended_at: number | null;
  trial_end: number | null;
  /** JSON text of the items of the next phase of a schedule, and when it begins. */
  pending_items: string | null;
  pending_at: number | null;
  latest_invoice_id: string | null;
  created_at: number;
  fetched_at: number;
  gone_at: number | null;
};

export async function listSubscriptionsOf(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  mode: string,
): Promise<SubscriptionRow[]> {
  return sql<SubscriptionRow>('subscriptions')
    .whereIn('stripe_customer_id', stripeCustomerIds)
    .where({ mode })
    .whereNull('gone_at')
    .orderBy('created_at', 'desc')
    .orderBy('id');
}

export async function findSubscription(sql: Sql, id: string): Promise<SubscriptionRow | undefined> {
  return sql<SubscriptionRow>('subscriptions').where({ id }).first();
}

export async function upsertSubscription(sql: Sql, row: SubscriptionRow): Promise<void> {
  await sql('subscriptions').insert(row).onConflict('id').merge();
}

/** Marks what Stripe no longer lists; it never counts again, whatever arrives late. */
export async function markGone(
  sql: Sql,
  stripeCustomerId: string,
  mode: string,
  kept: readonly string[],
  now: number,
): Promise<void> {
  await sql('subscriptions')
    .where({ stripe_customer_id: stripeCustomerId, mode })
    .whereNotIn('id', [...kept])
    .whereNull('gone_at')
    .update({ gone_at: now });
}

/** How many we know of, ended ones included. */
export async function countSubscriptions(sql: Sql, mode: string): Promise<number> {
  const row = await sql('subscriptions').where({ mode }).count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}
