import { engineOf, type Sql } from './connection.ts';

/** So long many passes wait together for what somebody else holds: their webhooks and their tiers wait with them. */
export const HELD_WAIT_MS = 200;

/** Somebody else holds a row for longer than was to be waited; nothing of the transaction stands. */
export class HeldElsewhere extends Error {}

/** Postgres gave up waiting for a lock: `lock_timeout` was over. */
export function isHeldElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

/**
 * Holds events in the order of their ids, as the inbox does. Whoever holds events and the row of their customer in
 * `customer_sync` holds the events first; the other way round, an event that Stripe sends again would wait for a pass that
 * waits for it.
 */
export async function holdEvents(sql: Sql, ids: readonly string[]): Promise<void> {
  await hold(sql, 'stripe_events', 'id', ids);
}

/** Holds what a pass holds, in the same order, and gives up soon where somebody else has it. */
export async function holdBriefly(
  sql: Sql,
  pass: { eventIds: readonly string[]; stripeCustomerId: string; customerId: string },
): Promise<void> {
  if (engineOf(sql) === 'sqlite') return;
  try {
    await sql.raw(`select set_config('lock_timeout', ?, true)`, [`${HELD_WAIT_MS}ms`]);
    await holdEvents(sql, pass.eventIds);
    await hold(sql, 'customer_sync', 'stripe_customer_id', [pass.stripeCustomerId]);
    await hold(sql, 'entitlements', 'customer_id', [pass.customerId]);
    await hold(sql, 'credit_accounts', 'customer_id', [pass.customerId]);
    await sql.raw('set local lock_timeout to default');
  } catch (error) {
    throw isHeldElsewhere(error) ? new HeldElsewhere('Somebody else holds what this pass changes') : error;
  }
}

async function hold(sql: Sql, table: string, column: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0 || engineOf(sql) === 'sqlite') return;
  await sql(table)
    .whereIn(column, [...keys])
    .orderBy(column)
    .forUpdate()
    .select(column);
}
