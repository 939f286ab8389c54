import type { Sql } from './connection.ts';

export type CreditHoldRow = {
  id: string;
  account_id: string;
  amount: number;
  /** What of the amount is there; the open holds of an account add up to its `held`. */
  covered: number;
  state: 'open' | 'settled' | 'void' | 'expired';
  /** What the call cost; null until it is settled. */
  asked: number | null;
  /** How much of that was spent. */
  settled: number;
  entry_id: string | null;
  expires_at: number;
  created_at: number;
  ended_at: number | null;
  actor: string;
  reason: string | null;
  correlation_id: string;
};

export async function insertHold(sql: Sql, row: CreditHoldRow): Promise<void> {
  await sql('credit_holds').insert(row);
}

/** The caller holds the account whenever it means to change what it reads here. */
export async function findHold(sql: Sql, id: string): Promise<CreditHoldRow | undefined> {
  return sql<CreditHoldRow>('credit_holds').where({ id }).first();
}

/** Newest first. */
export async function listCoveredHolds(sql: Sql, accountId: string): Promise<CreditHoldRow[]> {
  return sql<CreditHoldRow>('credit_holds')
    .where({ account_id: accountId, state: 'open' })
    .where('covered', '>', 0)
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
}

export async function updateHold(
  sql: Sql,
  id: string,
  patch: Partial<Pick<CreditHoldRow, 'covered' | 'state' | 'asked' | 'settled' | 'entry_id' | 'ended_at'>>,
): Promise<void> {
  await sql('credit_holds').where({ id }).update(patch);
}
