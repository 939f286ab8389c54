import type { Sql } from '#db/connection.ts';
import { type DisputeRow, listDisputesOfPayment } from '#db/disputes.ts';
import type { PaymentRow } from '#db/payments.ts';

type Loss = Pick<DisputeRow, 'status' | 'amount' | 'currency' | 'case_type'>;

/** Settled with the bank before they became a chargeback (docs.stripe.com/disputes/get-started/prevention). */
const settledEarly = new Set(['block', 'resolution']);

/**
 * How much of a payment the bank keeps for good, beside what was refunded, in minor units. Only a lost dispute counts:
 * money that was withdrawn meanwhile is not lost yet. One that was settled early shows “lost” at Stripe though it was
 * refunded, so it counts only as far as no refund paid it. Nothing at Stripe tells such a refund from one that staff
 * made of another part, so that one is taken for it, too: the customer keeps credits then, and loses none that are theirs.
 */
export function lostAmount(
  disputes: readonly Loss[],
  payment: Pick<PaymentRow, 'amount_paid' | 'amount_refunded' | 'currency'>,
): number {
  const lost = disputes.filter(({ status }) => status === 'lost');
  // In another currency the amounts cannot be compared; then the whole payment is what was disputed.
  const worth = ({ amount, currency }: Loss) =>
    payment.currency !== null && currency !== payment.currency ? payment.amount_paid : amount;
  const sum = (some: readonly Loss[]) => some.reduce((all, dispute) => all + worth(dispute), 0);
  const early = sum(lost.filter(({ case_type: type }) => settledEarly.has(type ?? '')));
  const late = sum(lost.filter(({ case_type: type }) => !settledEarly.has(type ?? '')));
  return late + Math.max(0, early - payment.amount_refunded);
}

/** The same, from what is known of the payment's disputes now. */
export async function readLostAmount(
  sql: Sql,
  payment: Pick<
    PaymentRow,
    'id' | 'charge_id' | 'payment_intent_id' | 'amount_paid' | 'amount_refunded' | 'currency'
  >,
): Promise<number> {
  return lostAmount(await listDisputesOfPayment(sql, payment), payment);
}
