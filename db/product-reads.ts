import type { Sql } from './connection.ts';

/** What the product was last told of a customer. */
export type ProductReadRow = {
  customer_id: string;
  read_at: number;
  tier: string;
  access: string;
  balance: number;
};

/** The latest of each customer stays, however late another process writes its own. */
export async function putProductReads(sql: Sql, rows: readonly ProductReadRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql('product_reads')
    .insert([...rows])
    .onConflict('customer_id')
    .merge()
    .whereRaw('excluded.read_at >= product_reads.read_at');
}

export async function findProductRead(sql: Sql, customerId: string): Promise<ProductReadRow | undefined> {
  return sql<ProductReadRow>('product_reads').where({ customer_id: customerId }).first();
}
