import type { Sql } from './connection.ts';
import { claimDue, type Lease } from './leases.ts';

export type RestoreStep = 'asked' | 'closed' | 'saved' | 'swapped' | 'catching_up' | 'done' | 'failed';

export type RestoreRow = {
  id: string;
  run_id: string | null;
  kind: 'restore' | 'drill';
  backup_id: string;
  file: string;
  reached_at: number;
  step: RestoreStep;
  version: number;
  /** JSON text of RestoreFacts. */
  facts: string;
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number | null;
  error: string | null;
  requested_by: string;
  /** Who took it back before the swap. */
  cancelled_by: string | null;
  /** JSON text of who asked, who approved and why. */
  cause: string;
  correlation_id: string;
  created_at: number;
  ended_at: number | null;
};

export async function insertRestore(sql: Sql, row: RestoreRow): Promise<void> {
  await sql('restores').insert(row);
}

/** Once by its id: of two processes that begin the same drill, one does. */
export async function insertRestoreIfNew(sql: Sql, row: RestoreRow): Promise<void> {
  await sql('restores').insert(row).onConflict('id').ignore();
}

export async function findRestore(sql: Sql, id: string): Promise<RestoreRow | undefined> {
  return sql<RestoreRow>('restores').where({ id }).first();
}

/** The restore, not a drill, that is not at its end. */
export async function findOpenRestore(sql: Sql): Promise<RestoreRow | undefined> {
  return sql<RestoreRow>('restores').where({ kind: 'restore' }).whereNull('ended_at').first();
}

export async function findLastRestore(sql: Sql, kind: RestoreRow['kind']): Promise<RestoreRow | undefined> {
  return sql<RestoreRow>('restores').where({ kind }).orderBy('created_at', 'desc').first();
}

/** Takes the one that is due, for as long as the lease lasts. */
export async function claimRestore(
  sql: Sql,
  lease: Lease,
  id: string | null = null,
): Promise<RestoreRow | undefined> {
  return claimDue<RestoreRow>(sql, 'restores', (query) => query.whereNull('ended_at'), lease, id);
}

/** Changes what is held; false when the lease was lost meanwhile. Every change is a new version of its card. */
export async function changeHeldRestore(
  sql: Sql,
  held: { id: string; token: string },
  changes: Partial<RestoreRow>,
): Promise<boolean> {
  const updated = await sql('restores')
    .where({ id: held.id, lease_token: held.token })
    .update({ ...changes, version: sql.raw('version + 1') });
  return updated > 0;
}

/** Whoever asks for it to go on does not wait for its next time. */
export async function wakeRestore(sql: Sql, id: string, now: number): Promise<void> {
  await sql('restores').where({ id }).whereNull('ended_at').update({ next_attempt_at: now });
}

/** Takes it back, for whoever carries it to see; false when it is past the swap or at its end. */
export async function cancelRestore(sql: Sql, id: string, by: string, now: number): Promise<boolean> {
  const updated = await sql('restores')
    .where({ id })
    .whereNull('ended_at')
    .whereIn('step', ['asked', 'closed', 'saved'])
    .update({ cancelled_by: by, next_attempt_at: now });
  return updated > 0;
}
