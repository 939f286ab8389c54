import type { Sql } from '#db/connection.ts';
import { findDispute } from '#db/disputes.ts';
import type { Cause } from '#src/core/cause.ts';
import { freezeByDisputes } from '#src/disputes/freeze.ts';
import type { PaymentNews } from './apply-payments.ts';
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
  for (const { id } of fetched.cases.disputes) {
    const paymentId = (await findDispute(sql, id))?.payment_id;
    if (paymentId) paymentIds.add(paymentId);
  }
  const news: PaymentNews[] = [];
  for (const id of paymentIds) {
    const moved = await freezeByDisputes(sql, cause, id);
    if (moved) news.push({ ...nothingElse, ...moved });
  }
  return news;
}
