import type { Sql } from './connection.ts';

export type RollbackRow = {
  id: string;
  run_id: string;
  from_version: string;
  to_version: string;
  state: 'queued' | 'sent' | 'confirmed' | 'failed';
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number | null;
  last_error: string | null;
  requested_by: string;
  /** JSON text of who asked, who approved and why. */
  cause: string;
  correlation_id: string;
  created_at: number;
  /** When the hook was being asked; without an answer nobody knows whether it was. */
  asked_at: number | null;
  sent_at: number | null;
  escalated_at: number | null;
  ended_at: number | null;
};

type NewRollback = Pick<
  RollbackRow,
  | 'id'
  | 'run_id'
  | 'from_version'
  | 'to_version'
  | 'state'
  | 'next_attempt_at'
  | 'requested_by'
  | 'cause'
  | 'correlation_id'
  | 'created_at'
>;

export async function insertRollback(sql: Sql, row: NewRollback): Promise<void> {
  await sql('rollbacks').insert(row);
}

export async function findOpenRollback(sql: Sql): Promise<RollbackRow | undefined> {
  return sql<RollbackRow>('rollbacks').whereIn('state', ['queued', 'sent']).first();
}

export async function listRollbacksFrom(sql: Sql, versions: readonly string[]): Promise<RollbackRow[]> {
  return sql<RollbackRow>('rollbacks')
    .whereIn('from_version', [...versions])
    .where({ state: 'confirmed' });
}

/** Takes the one that is due, for as long as the lease lasts. */
export async function claimRollback(
  sql: Sql,
  lease: { token: string; now: number; until: number },
): Promise<RollbackRow | undefined> {
  const due = await sql<RollbackRow>('rollbacks')
    .whereIn('state', ['queued', 'sent'])
    .where('next_attempt_at', '<=', lease.now)
    .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', lease.now))
    .first();
  if (!due) return undefined;
  const [taken] = await sql<RollbackRow>('rollbacks')
    .where({ id: due.id, attempts: due.attempts })
    .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', lease.now))
    .update({ lease_token: lease.token, lease_until: lease.until, attempts: due.attempts + 1 })
    .returning('*');
  return taken;
}

/** Before the hook is asked, under the lease; false when that was lost. */
export async function markAsked(
  sql: Sql,
  held: { id: string; token: string },
  now: number,
): Promise<boolean> {
  const updated = await sql('rollbacks')
    .where({ id: held.id, lease_token: held.token })
    .update({ asked_at: now });
  return updated > 0;
}

/** Another one takes its place: only of one that was told as late. The worker that has it loses its lease. */
export async function supersedeRollback(
  sql: Sql,
  id: string,
  detail: string,
  now: number,
): Promise<RollbackRow | undefined> {
  const [row] = await sql<RollbackRow>('rollbacks')
    .where({ id, state: 'sent' })
    .whereNotNull('escalated_at')
    .update({ state: 'failed', ended_at: now, last_error: detail, lease_token: null, lease_until: null })
    .returning('*');
  return row;
}

/** False when the lease was lost meanwhile. */
export async function settleRollback(
  sql: Sql,
  held: { id: string; token: string },
  changes: Partial<RollbackRow>,
): Promise<boolean> {
  const updated = await sql('rollbacks')
    .where({ id: held.id, lease_token: held.token })
    .update({ ...changes, lease_token: null, lease_until: null });
  return updated > 0;
}
