import type { Sql } from './connection.ts';

export type GracePeriodRow = {
  id: string;
  invoice_id: string;
  subscription_id: string;
  customer_id: string;
  started_at: number;
  /** What the plan promised; null only before there was such a column. */
  first_deadline_at: number | null;
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
  grace: Pick<GracePeriodRow, 'id' | 'state'>,
  state: GracePeriodRow['state'],
  now: number,
): Promise<boolean> {
  const { id, state: before } = grace;
  const closed = await sql('grace_periods').where({ id, state: before }).update({ state, closed_at: now });
  return closed === 1;
}

/** Moves the deadline, and with it opens what had expired or ends what is past; false when somebody else was quicker. */
export async function moveGraceDeadline(
  sql: Sql,
  grace: GracePeriodRow,
  moved: Pick<GracePeriodRow, 'deadline_at' | 'state' | 'closed_at'>,
): Promise<boolean> {
  const { id, state, deadline_at } = grace;
  return (await sql('grace_periods').where({ id, state, deadline_at }).update(moved)) === 1;
}
