import type { Sql } from './connection.ts';

export type GracePeriodRow = {
  id: string;
  invoice_id: string;
  subscription_id: string;
  customer_id: string;
  started_at: number;
  deadline_at: number;
  state: 'open' | 'recovered' | 'expired' | 'waived';
  closed_at: number | null;
};

/** Once per invoice: later failures of the same invoice change nothing. True when it is new. */
export async function insertGraceIfNew(sql: Sql, row: GracePeriodRow): Promise<boolean> {
  const inserted = await sql('grace_periods').insert(row).onConflict('invoice_id').ignore().returning('id');
  return inserted.length > 0;
}

export async function findGrace(sql: Sql, id: string): Promise<GracePeriodRow | undefined> {
  return sql<GracePeriodRow>('grace_periods').where({ id }).first();
}

export async function listGraces(sql: Sql, customerId: string): Promise<GracePeriodRow[]> {
  return sql<GracePeriodRow>('grace_periods')
    .where({ customer_id: customerId })
    .orderBy('started_at', 'desc')
    .limit(50);
}

export async function closeGrace(
  sql: Sql,
  id: string,
  state: GracePeriodRow['state'],
  now: number,
): Promise<boolean> {
  const closed = await sql('grace_periods').where({ id, state: 'open' }).update({ state, closed_at: now });
  return closed === 1;
}
