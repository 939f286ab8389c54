import type { Sql } from './connection.ts';

export type CustomerSyncRow = {
  stripe_customer_id: string;
  dirty_seq: number;
  synced_seq: number;
  lease_token: string | null;
  lease_until: number;
  next_attempt_at: number;
  attempts: number;
  priority: number;
  last_error: string | null;
  synced_at: number | null;
};

/** Something about this Stripe customer may have changed: a worker must look again. */
export async function markDirty(sql: Sql, stripeCustomerId: string, priority: number): Promise<void> {
  await sql('customer_sync')
    .insert({
      stripe_customer_id: stripeCustomerId,
      dirty_seq: 1,
      synced_seq: 0,
      next_attempt_at: 0,
      priority,
    })
    .onConflict('stripe_customer_id')
    .merge({
      dirty_seq: sql.raw('customer_sync.dirty_seq + 1'),
      priority: sql.raw('case when customer_sync.priority < ? then customer_sync.priority else ? end', [
        priority,
        priority,
      ]),
    });
}

export async function findSync(sql: Sql, stripeCustomerId: string): Promise<CustomerSyncRow | undefined> {
  return sql<CustomerSyncRow>('customer_sync').where({ stripe_customer_id: stripeCustomerId }).first();
}
