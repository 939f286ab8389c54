import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { type CreditEntryRow, listRecentEntries } from '#db/credit-entries.ts';
import { sumFrozen } from '#db/credit-lots.ts';

export type CreditSummary = {
  balance: number;
  held: number;
  debt: number;
  /** Of the balance: of a payment under dispute, and not to be spent until it is decided. */
  frozen: number;
  entries: CreditEntryRow[];
};

/** Balance and the last entries; a customer who never had credits has an account of zeros. */
export async function readCredits(sql: Sql, customerId: string, entries: number): Promise<CreditSummary> {
  const account = await findAccount(sql, customerId);
  if (!account) return { balance: 0, held: 0, debt: 0, frozen: 0, entries: [] };
  return {
    balance: account.balance,
    held: account.held,
    debt: account.debt,
    frozen: await sumFrozen(sql, account.id),
    entries: entries > 0 ? await listRecentEntries(sql, account.id, entries) : [],
  };
}
