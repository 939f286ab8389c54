import type { Sql } from '#db/connection.ts';
import { findDispute } from '#db/disputes.ts';
import type { Cause } from '#src/core/cause.ts';
import type { FetchedCases } from '#src/disputes/fetch.ts';
import { freezeByDisputes } from '#src/disputes/freeze.ts';
import { settleLost } from '#src/payments/settle-lost.ts';
import { describeMoved, type PaymentNews } from './apply-payments.ts';
import type { FetchedCustomer } from './fetch-customer.ts';

const nothingElse = { granted: 0, moved: 0, debtMoved: 0, lostMoved: 0, isPaidAfterCancel: false };

/**
 * Freezes and frees the credits of every payment that this pass settled or that is disputed. After the payments
 * themselves, because they bring the credits.
 */
export async function freezeDisputed(
  sql: Sql,
  cause: Cause,
  fetched: Pick<FetchedCustomer, 'payments' | 'cases'>,
): Promise<PaymentNews[]> {
  const paymentIds = new Set(fetched.payments.map(({ truth }) => truth.id));
  for (const id of await listDisputedPayments(sql, fetched.cases)) paymentIds.add(id);
  const news: PaymentNews[] = [];
  for (const id of paymentIds) {
    const moved = await freezeByDisputes(sql, cause, id);
    if (moved) news.push({ ...nothingElse, ...moved });
  }
  return news;
}

/** Takes and gives back what banks decided about payments that Stripe is not asked about in this pass. */
export async function settleDisputed(sql: Sql, cause: Cause, cases: FetchedCases): Promise<PaymentNews[]> {
  const news: PaymentNews[] = [];
  for (const paymentId of await listDisputedPayments(sql, cases)) {
    const settled = await settleLost(sql, cause, paymentId);
    const sentence = settled && describeMoved({ id: paymentId, status: 'paid' }, settled).join('; ');
    if (settled && sentence) news.push({ ...nothingElse, ...settled, paymentId, sentence });
  }
  return news;
}

async function listDisputedPayments(sql: Sql, cases: FetchedCases): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const { id } of cases.disputes) {
    const paymentId = (await findDispute(sql, id))?.payment_id;
    if (paymentId) ids.add(paymentId);
  }
  return ids;
}
