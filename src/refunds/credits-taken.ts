import type { Sql } from '#db/connection.ts';
import { sumLapsedOfPayment } from '#db/credit-entries.ts';
import { type CreditLotRow, listLotsOfPayment } from '#db/credit-lots.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import { creditsToTake } from '#src/credits/settle.ts';
import type { FetchedCharge } from '#src/gateways/stripe.ts';

/** What a refund does to the credits that the payment brought. */
export type CreditsTaken = {
  brought: number;
  taken: number;
  /** Of those taken: used up already, so they become debt. */
  debt: number;
};

/**
 * What the settlement of the webhooks will do once Stripe refunded so much, by the same formula. Later spending moves
 * it: it is said, and no part of what is agreed to.
 *
 * @param refundedAfter all that is refunded of the charge by then, in minor units
 */
export async function creditsTaken(
  sql: Sql,
  now: number,
  charge: FetchedCharge,
  refundedAfter: number,
): Promise<CreditsTaken> {
  const payment =
    (charge.paymentIntentId ? await findPaymentByAnyId(sql, charge.paymentIntentId) : undefined) ??
    (await findPaymentByAnyId(sql, charge.id));
  if (!payment) return { brought: 0, taken: 0, debt: 0 };
  const taken = Math.max(0, creditsToTake({ ...payment, amount_refunded: refundedAfter }));
  const lots = await listLotsOfPayment(sql, payment.id);
  const isLapsed = (lot: CreditLotRow) => lot.expires_at !== null && lot.expires_at <= now;
  const there = remainingOf(lots.filter((lot) => !isLapsed(lot)));
  // Lapsed, booked as such or about to be: gone, and nobody owes it.
  const lapsed = (await sumLapsedOfPayment(sql, payment.id)) + remainingOf(lots.filter(isLapsed));
  const debt = Math.max(0, taken - there - Math.max(0, lapsed - payment.credits_lapsed));
  return { brought: payment.credits_granted, taken, debt };
}

function remainingOf(lots: readonly CreditLotRow[]): number {
  return lots.reduce((sum, lot) => sum + lot.remaining, 0);
}
