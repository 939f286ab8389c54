import type { Sql } from './connection.ts';

export type OverrideRow = {
  id: string;
  customer_id: string;
  tier: string;
  reason: string;
  ticket: string | null;
  actor: string;
  starts_at: number;
  expires_at: number | null;
  ended_at: number | null;
};

export async function insertOverride(sql: Sql, row: OverrideRow): Promise<void> {
  await sql('overrides').insert(row);
}

/** The override in force at a moment, if any; there is at most one that has not ended. */
export async function findOverride(
  sql: Sql,
  customerId: string,
  now: number,
): Promise<OverrideRow | undefined> {
  return sql<OverrideRow>('overrides')
    .where({ customer_id: customerId })
    .whereNull('ended_at')
    .where((query) => query.whereNull('expires_at').orWhere('expires_at', '>', now))
    .orderBy('starts_at', 'desc')
    .first();
}

export async function endOverrides(sql: Sql, customerId: string, now: number): Promise<number> {
  return sql('overrides').where({ customer_id: customerId }).whereNull('ended_at').update({ ended_at: now });
}
