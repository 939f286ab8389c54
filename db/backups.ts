import type { Engine, Sql } from './connection.ts';

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
  lease: { token: string; now: number; until: number },
  id: string | null = null,
): Promise<BackupRow | undefined> {
  const free = () =>
    sql<BackupRow>('backups')
      .whereIn('state', ['queued', 'taken'])
      .where('next_attempt_at', '<=', lease.now)
      .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', lease.now));
  const due = await (id === null ? free() : free().where({ id })).orderBy('id').first();
  if (!due) return undefined;
  const [taken] = await free()
    .where({ id: due.id, attempts: due.attempts })
    .update({ lease_token: lease.token, lease_until: lease.until, attempts: due.attempts + 1 })
    .returning('*');
  return taken;
}

export async function renewBackupLease(sql: Sql, id: string, token: string, until: number): Promise<void> {
  await sql('backups').where({ id, lease_token: token }).update({ lease_until: until });
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
