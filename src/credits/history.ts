import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { type CreditBucket, readBalanceBefore, readCreditBuckets } from '#db/credit-history.ts';
import { listSpendableLots } from '#db/credit-lots.ts';
import { HOUR_MS } from '#src/core/clock.ts';

/** How credits went from `from` until `to`, and what is the matter with them now. */
export type CreditHistory = {
  email: string;
  from: number;
  to: number;
  /** The balance at `from`. */
  before: number;
  buckets: CreditBucket[];
  balance: number;
  held: number;
  frozen: number;
  debt: number;
};

const BUCKETS_MAX = 240;

/** Read in as many rows as a picture has room for, whatever the number of entries. */
export async function readCreditHistory(
  sql: Sql,
  customer: { id: string; email: string },
  span: { from: number; to: number },
): Promise<CreditHistory> {
  const { from, to } = span;
  const account = await findAccount(sql, customer.id);
  const nothing = { before: 0, buckets: [], balance: 0, held: 0, frozen: 0, debt: 0 };
  if (!account) return { email: customer.email, from, to, ...nothing };
  const hours = Math.max(1, Math.ceil((to - from) / HOUR_MS / BUCKETS_MAX));
  const lots = await listSpendableLots(sql, account.id);
  return {
    email: customer.email,
    from,
    to,
    before: await readBalanceBefore(sql, account.id, from),
    buckets: await readCreditBuckets(sql, account.id, from, hours * HOUR_MS),
    balance: account.balance,
    held: account.held,
    frozen: lots.reduce((sum, lot) => sum + (lot.frozen_at === null ? 0 : lot.remaining), 0),
    debt: account.debt,
  };
}
