import { engineOf, type Sql } from './connection.ts';

/** One run that acts on many lines. */
export type BatchRow = {
  id: string;
  run_id: string;
  /** The command whose lines they are: `credits import`. */
  command: string;
  file_id: string | null;
  /** What it works through, in words: `credits.csv`. */
  subject: string;
  state: 'running' | 'done';
  total: number;
  applied: number;
  failed: number;
  skipped: number;
  version: number;
  /** JSON text: who asked, who approved, and why. */
  cause: string;
  lease_token: string | null;
  lease_until: number | null;
  correlation_id: string;
  created_at: number;
  ended_at: number | null;
};

export async function insertBatch(sql: Sql, row: BatchRow): Promise<void> {
  await sql('batches').insert(row);
}

export async function findBatch(sql: Sql, id: string): Promise<BatchRow | undefined> {
  return sql<BatchRow>('batches').where({ id }).first();
}

export async function findBatchOfRun(sql: Sql, runId: string): Promise<BatchRow | undefined> {
  return sql<BatchRow>('batches').where({ run_id: runId }).first();
}

/** Earlier batches of the same file by the same command, which brought something or still may. Newest first. */
export async function listBatchesOfFile(sql: Sql, fileId: string, command: string): Promise<BatchRow[]> {
  return sql<BatchRow>('batches')
    .where({ file_id: fileId, command })
    .where((alive) => alive.where({ state: 'running' }).orWhere('applied', '>', 0))
    .orderBy('created_at', 'desc')
    .limit(10);
}

/** A batch that is taking the credits of this one back just now. */
export async function findRunningReversal(sql: Sql, importId: string): Promise<BatchRow | undefined> {
  return sql('batches as b')
    .where({ 'b.command': 'credits unimport', 'b.state': 'running' })
    .whereExists(
      sql('batch_rows as r')
        .whereRaw('r.batch_id = b.id')
        .where('r.input', 'like', `%"import":"${importId}"%`)
        .select(sql.raw('1')),
    )
    .first('b.*');
}

/**
 * Takes the batch that waits longest, or this one, with a lease. The outer predicate is repeated, so that of two
 * claims one wins.
 */
export async function claimBatch(
  sql: Sql,
  lease: { token: string; now: number; until: number },
  id?: string,
): Promise<BatchRow | undefined> {
  const next = sql('batches')
    .select('id')
    .where({ state: 'running', ...(id === undefined ? {} : { id }) })
    .where((free) => free.whereNull('lease_until').orWhere('lease_until', '<', lease.now))
    .orderBy(['created_at', 'id'])
    .limit(1);
  if (engineOf(sql) === 'postgres') next.forUpdate().skipLocked();
  const rows: BatchRow[] = await sql('batches')
    .where('id', next)
    .where((free) => free.whereNull('lease_until').orWhere('lease_until', '<', lease.now))
    .update({ lease_token: lease.token, lease_until: lease.until })
    .returning('*');
  return rows[0];
}

/** Changes a batch that is held, and holds it on; undefined when the lease was lost, and then nothing may be kept. */
export async function updateHeldBatch(
  sql: Sql,
  held: { id: string; token: string },
  patch: Partial<BatchRow>,
): Promise<BatchRow | undefined> {
  const rows: BatchRow[] = await sql('batches')
    .where({ id: held.id, lease_token: held.token })
    .update(patch)
    .returning('*');
  return rows[0];
}
