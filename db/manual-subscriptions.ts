import type { Sql } from './connection.ts';

/** A customer who pays outside Stripe; one such subscription per customer, set by staff. */
export type ManualSubscriptionRow = {
  id: string;
  customer_id: string;
  type: string;
  tier: string;
  status: string;
  ends_at: number | null;
  reason: string;
  ticket: string | null;
  actor: string;
  set_at: number;
};

export async function findManualSubscription(
  sql: Sql,
  customerId: string,
): Promise<ManualSubscriptionRow | undefined> {
  return sql<ManualSubscriptionRow>('manual_subscriptions').where({ customer_id: customerId }).first();
}

export async function putManualSubscription(sql: Sql, row: ManualSubscriptionRow): Promise<void> {
  const { id: _first, ...rest } = row;
  await sql('manual_subscriptions').insert(row).onConflict('customer_id').merge(rest);
}
