import type { Engine, Sql } from './connection.ts';
import { claimDue, type Lease } from './leases.ts';

export type BackupWhy = 'asked' | 'schedule' | 'night' | 'migration' | 'restore';

export type BackupRow = {
  id: string;
  slot: string;
  run_id: string | null;
  why: BackupWhy;
  /** `taken`: written, and not verified yet. `pruned`: its file was deleted by the retention. */
  state: 'queued' | 'taken' | 'verified' | 'bad' | 'failed' | 'pruned';
  /** Its absolute path, on the machine that made it. */
  file: string | null;
  engine: Engine;
  reached_at: number | null;
  bytes: number | null;
  sha256: string | null;
  /** JSON text of BackupFacts. */
  facts: string | null;
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number | null;
  error: string | null;
  requested_by: string;
  /** JSON text of who asked and why. */
  cause: string;
  correlation_id: string;
  created_at: number;
  verified_at: number | null;
  ended_at: number | null;
};

/** False when the slot has its backup already: another process was first. */
export async function insertBackup(sql: Sql, row: BackupRow): Promise<boolean> {
  const rows = await sql('backups').insert(row).onConflict('slot').ignore().returning('id');
  return rows.length === 1;
}

export async function findBackup(sql: Sql, id: string): Promise<BackupRow | undefined> {
  return sql<BackupRow>('backups').where({ id }).first();
}

/** Newest first, without those whose files are gone. */
export async function listBackups(sql: Sql, limit: number): Promise<BackupRow[]> {
  return sql<BackupRow>('backups')
    .whereNot({ state: 'pruned' })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
}

export async function findLastVerified(sql: Sql): Promise<BackupRow | undefined> {
  return sql<BackupRow>('backups').where({ state: 'verified' }).orderBy('reached_at', 'desc').first();
}

/** Newest first; one whose file somebody deleted is among them. */
export async function listVerified(sql: Sql): Promise<BackupRow[]> {
  return sql<BackupRow>('backups').where({ state: 'verified' }).orderBy('reached_at', 'desc').limit(1_000);
}

/** Takes one that is to be made or verified, for as long as the lease lasts. */
export async function claimBackup(
  sql: Sql,
  lease: Lease,
  id: string | null = null,
): Promise<BackupRow | undefined> {
  return claimDue<BackupRow>(
    sql,
    'backups',
    (query) => query.whereIn('state', ['queued', 'taken']),
    lease,
    id,
  );
}

/** Ends or postpones what is held; false when the lease was lost meanwhile. */
export async function settleBackup(
  sql: Sql,
  held: { id: string; token: string },
  changes: Partial<BackupRow>,
): Promise<boolean> {
  const updated = await sql('backups')
    .where({ id: held.id, lease_token: held.token })
    .update({ ...changes, lease_token: null, lease_until: null });
  return updated > 0;
}

export async function updateBackup(sql: Sql, id: string, changes: Partial<BackupRow>): Promise<void> {
  await sql('backups').where({ id }).update(changes);
}
