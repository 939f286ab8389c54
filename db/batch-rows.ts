import type { Sql } from './connection.ts';

/** A line of a batch, and what became of it. */
export type BatchLineRow = {
  batch_id: string;
  /** Its line in the file, counted from 1 with the header. */
  line: number;
  state: 'pending' | 'applied' | 'failed' | 'skipped';
  email: string;
  /** JSON text: what the line says. */
  input: string;
  customer_id: string | null;
  entry_id: string | null;
  result: string | null;
  ended_at: number | null;
};

/** SQLite binds 32,766 values in a statement, Postgres 65,535. */
const INSERT_ROWS = 500;

export async function insertBatchLines(sql: Sql, rows: readonly BatchLineRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += INSERT_ROWS)
    await sql('batch_rows').insert(rows.slice(at, at + INSERT_ROWS));
}

export async function listPendingLines(sql: Sql, batchId: string, limit: number): Promise<BatchLineRow[]> {
  return sql<BatchLineRow>('batch_rows')
    .where({ batch_id: batchId, state: 'pending' })
    .orderBy('line')
    .limit(limit);
}

export async function updateBatchLine(
  sql: Sql,
  line: Pick<BatchLineRow, 'batch_id' | 'line'>,
  patch: Partial<BatchLineRow>,
): Promise<void> {
  await sql('batch_rows').where({ batch_id: line.batch_id, line: line.line }).update(patch);
}

/** In the order of the file. */
export async function listBatchLines(
  sql: Sql,
  batchId: string,
  options: { states?: readonly BatchLineRow['state'][]; limit?: number } = {},
): Promise<BatchLineRow[]> {
  const query = sql<BatchLineRow>('batch_rows').where({ batch_id: batchId });
  if (options.states) query.whereIn('state', [...options.states]);
  if (options.limit !== undefined) query.limit(options.limit);
  return query.orderBy('line');
}

/**
 * Lines of `credits import` that gave these customers something in batches since, or still will; none whose credits
 * were taken back. With the run, and with what was said of the whole import.
 */
export async function listCreditLinesSince(
  sql: Sql,
  customerIds: readonly string[],
  since: number,
): Promise<{ customer_id: string; input: string; cause: string; run_id: string; created_at: number }[]> {
  return sql('batch_rows as r')
    .join('batches as b', 'b.id', 'r.batch_id')
    .whereIn('r.customer_id', [...customerIds])
    .whereIn('r.state', ['pending', 'applied'])
    .where({ 'b.command': 'credits import' })
    .where('b.created_at', '>=', since)
    .whereNotExists(sql('credit_entries as e').whereRaw('e.reversal_of = r.entry_id').select(sql.raw('1')))
    .orderBy(['b.created_at', 'r.batch_id', 'r.line'])
    .select('r.customer_id', 'r.input', 'b.cause', 'b.run_id', 'b.created_at');
}
