import type { Sql } from './connection.ts';

/** `clearing`: all its customers are served, and what was read is thrown away. */
export type BulkState =
  | 'marking'
  | 'subscriptions'
  | 'wanting'
  | 'invoices'
  | 'ready'
  | 'clearing'
  | 'done'
  | 'dropped';

export type BulkRefreshRow = {
  id: string;
  /** 1 while it is under way; the database takes one at a time. */
  active: number | null;
  state: BulkState;
  customers: number;
  pages: number;
  /** Milliseconds that they took at Stripe, together. */
  pages_ms: number;
  invoice_pages: number;
  invoices_found: number;
  cursor: string | null;
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number;
  outcome: string | null;
  started_at: number;
  ready_at: number | null;
  ended_at: number | null;
};

/** Until then, its customers wait for it. */
export const READING_STATES: readonly BulkState[] = ['marking', 'subscriptions', 'wanting', 'invoices'];

export async function findActiveBulk(sql: Sql): Promise<BulkRefreshRow | undefined> {
  return sql<BulkRefreshRow>('bulk_refreshes').where({ active: 1 }).first();
}

export async function findBulk(sql: Sql, id: string): Promise<BulkRefreshRow | undefined> {
  return sql<BulkRefreshRow>('bulk_refreshes').where({ id }).first();
}

/** When the last one ended that came to nothing; null when none did. */
export async function lastDroppedAt(sql: Sql): Promise<number | null> {
  const row = await sql('bulk_refreshes').where({ state: 'dropped' }).max({ at: 'ended_at' }).first();
  return row?.at == null ? null : Number(row.at);
}

/** Of several that begin at once, one does; the others see no difference. */
export async function insertBulkIfNone(sql: Sql, bulk: { id: string; now: number }): Promise<void> {
  await sql('bulk_refreshes')
    .insert({ id: bulk.id, active: 1, state: 'marking', started_at: bulk.now })
    .onConflict('active')
    .ignore();
}

/** Takes the refresh that is under way, with a lease; undefined when there is none, or when somebody is at it. */
export async function claimBulk(
  sql: Sql,
  token: string,
  now: number,
  leaseUntil: number,
): Promise<BulkRefreshRow | undefined> {
  const rows: BulkRefreshRow[] = await sql('bulk_refreshes')
    .where({ active: 1 })
    .where('lease_until', '<', now)
    .where('next_attempt_at', '<=', now)
    .update({ lease_token: token, lease_until: leaseUntil })
    .returning('*');
  return rows[0];
}

/** Writes a step down; false when the lease was lost, and then nothing of the step may be kept. */
export async function updateBulk(
  sql: Sql,
  id: string,
  token: string,
  patch: Partial<BulkRefreshRow>,
): Promise<boolean> {
  return (await sql('bulk_refreshes').where({ id, lease_token: token }).update(patch)) === 1;
}

export async function deleteBulksBefore(sql: Sql, before: number): Promise<number> {
  return sql('bulk_refreshes').whereNull('active').where('started_at', '<', before).delete();
}
