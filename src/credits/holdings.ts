import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { type CreditLotRow, listSpendableLots } from '#db/credit-lots.ts';
import { type CreditSummary, readCredits } from './summary.ts';

/** Balance and entries with the lots behind them, in the order in which they are spent. */
export type CreditHoldings = CreditSummary & { lots: CreditLotRow[]; spendable: number };

/** What is there, and how much of it can be spent at this moment: not held, not frozen, not lapsed. */
export async function readHoldings(
  sql: Sql,
  customerId: string,
  entries: number,
  now: number,
): Promise<CreditHoldings> {
  const summary = await readCredits(sql, customerId, entries);
  const account = await findAccount(sql, customerId);
  const lots = account ? await listSpendableLots(sql, account.id) : [];
  const open = lots.filter(
    (lot) => lot.frozen_at === null && (lot.expires_at === null || lot.expires_at > now),
  );
  const spendable = open.reduce((sum, lot) => sum + lot.remaining, 0) - summary.held;
  return { ...summary, lots, spendable: Math.max(spendable, 0) };
}
