import type { Sql } from './connection.ts';

export type CreditLotRow = {
  id: string;
  account_id: string;
  source_kind: 'staff' | 'payment' | 'import';
  source_id: string;
  payment_id: string | null;
  subscription_id: string | null;
  period_end: number | null;
  granted: number;
  remaining: number;
  priority: number;
  expires_at: number | null;
  frozen_at: number | null;
  created_at: number;
};

export async function insertLot(sql: Sql, row: CreditLotRow): Promise<void> {
  await sql('credit_lots').insert(row);
}

export async function findLot(sql: Sql, id: string): Promise<CreditLotRow | undefined> {
  return sql<CreditLotRow>('credit_lots').where({ id }).first();
}

/** Lots with something left, in the order in which they are spent: priority, then earliest expiry, then oldest. */
export async function listSpendableLots(sql: Sql, accountId: string): Promise<CreditLotRow[]> {
  return sql<CreditLotRow>('credit_lots')
    .where({ account_id: accountId })
    .where('remaining', '>', 0)
    .orderByRaw('priority, expires_at is null, expires_at, created_at, id');
}

export async function listLotsOfPayment(sql: Sql, paymentId: string): Promise<CreditLotRow[]> {
  return sql<CreditLotRow>('credit_lots').where({ payment_id: paymentId }).orderBy('id');
}

/**
 * What one subscription brought for periods that still run, so that switching plans or intervals down and up cannot
 * farm credits.
 */
export async function sumGrantedForRunningPeriods(
  sql: Sql,
  subscriptionId: string,
  at: number,
): Promise<number> {
  const row = await sql('credit_lots')
    .where({ subscription_id: subscriptionId })
    .where('period_end', '>', at)
    .sum({ total: 'granted' })
    .first();
  return Number(row?.total ?? 0);
}

export async function setLotRemaining(sql: Sql, id: string, remaining: number): Promise<void> {
  await sql('credit_lots').where({ id }).update({ remaining });
}

/** Freezes a lot, or frees it and moves its end. */
export async function setLotFrozen(
  sql: Sql,
  id: string,
  patch: Pick<CreditLotRow, 'frozen_at'> & Partial<Pick<CreditLotRow, 'expires_at'>>,
): Promise<void> {
  await sql('credit_lots').where({ id }).update(patch);
}

/** What of an account's balance is frozen. */
export async function sumFrozen(sql: Sql, accountId: string): Promise<number> {
  const row = await sql('credit_lots')
    .where({ account_id: accountId })
    .whereNotNull('frozen_at')
    .sum({ total: 'remaining' })
    .first();
  return Number(row?.total ?? 0);
}
