import type { Sql } from './connection.ts';

/** Nothing may be changed while this row is there and `until` lies ahead. */
export type MaintenanceRow = {
  id: string;
  restore_id: string;
  by_name: string;
  /** What is going on, as a sentence without its full stop. */
  says: string;
  started_at: number;
  until: number;
  /** From then on Stripe’s webhooks are turned away as well; Stripe sends them again. */
  intake_closed_at: number | null;
};

const ONLY = 'lucy';

/** Until when nothing may be changed, for statements below knex: null or past when something may. */
export const closedUntilSql = `(select until from maintenance where id = '${ONLY}')`;

export async function readMaintenance(sql: Sql, now: number): Promise<MaintenanceRow | null> {
  const row = await sql<MaintenanceRow>('maintenance').where({ id: ONLY }).where('until', '>', now).first();
  return row ?? null;
}

/** Begins it, or goes on with it. */
export async function putMaintenance(sql: Sql, row: Omit<MaintenanceRow, 'id'>): Promise<void> {
  await sql('maintenance')
    .insert({ id: ONLY, ...row })
    .onConflict('id')
    .merge();
}

/** False when it is over: what ran out is not brought back to life, for people may have worked since. */
export async function renewMaintenance(
  sql: Sql,
  restoreId: string,
  changes: Partial<Pick<MaintenanceRow, 'until' | 'intake_closed_at'>>,
  now: number,
): Promise<boolean> {
  const open = sql('maintenance').where({ id: ONLY, restore_id: restoreId }).where('until', '>', now);
  return (await open.update(changes)) > 0;
}

export async function endMaintenance(sql: Sql, restoreId: string): Promise<void> {
  await sql('maintenance').where({ id: ONLY, restore_id: restoreId }).delete();
}
