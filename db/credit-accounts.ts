import { engineOf, type Sql } from './connection.ts';

export type CreditAccountRow = {
  id: string;
  customer_id: string;
  balance: number;
  held: number;
  debt: number;
  next_seq: number;
};

export async function findAccount(sql: Sql, customerId: string): Promise<CreditAccountRow | undefined> {
  return sql<CreditAccountRow>('credit_accounts').where({ customer_id: customerId }).first();
}

/** Makes the account when there is none, and holds its row: all postings on one account follow each other. */
export async function lockAccount(sql: Sql, id: string, customerId: string): Promise<CreditAccountRow> {
  const query = sql<CreditAccountRow>('credit_accounts').where({ customer_id: customerId }).first();
  const locked = engineOf(sql) === 'postgres' ? query.forUpdate() : query;
  const existing = await locked;
  if (existing) return existing;
  await sql('credit_accounts').insert({ id, customer_id: customerId }).onConflict('customer_id').ignore();
  return lockAccount(sql, id, customerId);
}

export async function updateAccount(
  sql: Sql,
  id: string,
  patch: Partial<Pick<CreditAccountRow, 'balance' | 'held' | 'debt' | 'next_seq'>>,
): Promise<void> {
  await sql('credit_accounts').where({ id }).update(patch);
}

export async function findAccountById(sql: Sql, id: string): Promise<CreditAccountRow | undefined> {
  return sql<CreditAccountRow>('credit_accounts').where({ id }).first();
}

/** Whose these accounts are: customers by account. */
export async function listOwners(sql: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<CreditAccountRow>('credit_accounts')
    .whereIn('id', [...ids])
    .select('id', 'customer_id');
  return new Map(rows.map((row) => [row.id, row.customer_id]));
}
