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

/**
 * Accounts whose balance is not what their entries or their lots add up to, or that hold something else than their
 * open holds. Must always be empty.
 */
export async function findUnbalancedAccounts(
  sql: Sql,
): Promise<
  { customer_id: string; balance: number; entries: number; lots: number; held: number; holds: number }[]
> {
  const entries = sql('credit_entries')
    .select('account_id')
    .sum({ total: 'amount' })
    .groupBy('account_id')
    .as('e');
  const lots = sql('credit_lots')
    .select('account_id')
    .sum({ total: 'remaining' })
    .groupBy('account_id')
    .as('l');
  const holds = sql('credit_holds')
    .where({ state: 'open' })
    .select('account_id')
    .sum({ total: 'covered' })
    .groupBy('account_id')
    .as('h');
  return sql('credit_accounts as a')
    .leftJoin(entries, 'e.account_id', 'a.id')
    .leftJoin(lots, 'l.account_id', 'a.id')
    .leftJoin(holds, 'h.account_id', 'a.id')
    .whereRaw(
      'a.balance <> coalesce(e.total, 0) or a.balance <> coalesce(l.total, 0) or a.held <> coalesce(h.total, 0)',
    )
    .select(
      'a.customer_id',
      'a.balance',
      sql.raw('coalesce(e.total, 0) as entries'),
      sql.raw('coalesce(l.total, 0) as lots'),
      'a.held',
      sql.raw('coalesce(h.total, 0) as holds'),
    )
    .limit(100);
}

export async function findAccountById(sql: Sql, id: string): Promise<CreditAccountRow | undefined> {
  return sql<CreditAccountRow>('credit_accounts').where({ id }).first();
}
