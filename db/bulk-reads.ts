import type { Sql } from './connection.ts';

export type BulkReadRow = {
  bulk_id: string;
  object_id: string;
  kind: 'subscription' | 'invoice';
  stripe_customer_id: string;
  /** Stripe's creation of the object, milliseconds. */
  created_at: number;
  /** JSON text of what was read; null while it is only looked for. */
  body: string | null;
};

/** As the index says it, without bindings, or SQLite would not use it. */
const isWanted = "body is null and kind = 'invoice'";

/** A page that is read again, after a crash, takes the place of what it brought before. */
export async function putBulkReads(sql: Sql, rows: readonly BulkReadRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql('bulk_reads')
    .insert([...rows])
    .onConflict(['bulk_id', 'object_id'])
    .merge();
}

/** Notes invoices to be looked for; those that are known stay as they are. */
export async function wantBulkInvoices(sql: Sql, rows: readonly BulkReadRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql('bulk_reads')
    .insert([...rows])
    .onConflict(['bulk_id', 'object_id'])
    .ignore();
}

export async function listBulkReads(
  sql: Sql,
  bulkId: string,
  stripeCustomerId: string,
): Promise<BulkReadRow[]> {
  return sql<BulkReadRow>('bulk_reads')
    .where({ bulk_id: bulkId, stripe_customer_id: stripeCustomerId })
    .whereNotNull('body');
}

/** The youngest invoice that is still looked for. */
export async function newestWantedInvoice(
  sql: Sql,
  bulkId: string,
): Promise<{ object_id: string; created_at: number } | undefined> {
  return sql('bulk_reads')
    .where({ bulk_id: bulkId })
    .whereRaw(isWanted)
    .orderBy('created_at', 'desc')
    .first('object_id', 'created_at');
}

/** Fills in the invoices that were looked for; returns how many. */
export async function fillBulkInvoices(
  sql: Sql,
  bulkId: string,
  found: ReadonlyMap<string, string>,
): Promise<number> {
  const wanted: BulkReadRow[] = await sql<BulkReadRow>('bulk_reads')
    .where({ bulk_id: bulkId })
    .whereRaw(isWanted)
    .whereIn('object_id', [...found.keys()]);
  await putBulkReads(
    sql,
    wanted.map((row) => ({ ...row, body: found.get(row.object_id) ?? null })),
  );
  return wanted.length;
}

/** Gives up those invoices that are younger than what was read by now; all of them with `null`. */
export async function missBulkInvoices(sql: Sql, bulkId: string, youngerThan: number | null): Promise<void> {
  const query = sql('bulk_reads').where({ bulk_id: bulkId }).whereRaw(isWanted);
  await (youngerThan === null ? query : query.where('created_at', '>', youngerThan)).delete();
}

/** Throws away what was read, a part at a time; returns how many rows. */
export async function deleteBulkReads(sql: Sql, bulkId: string, limit: number): Promise<number> {
  const some = sql('bulk_reads')
    .where({ bulk_id: bulkId })
    .orderBy('object_id')
    .limit(limit)
    .select('object_id');
  return sql('bulk_reads').where({ bulk_id: bulkId }).whereIn('object_id', some).delete();
}
