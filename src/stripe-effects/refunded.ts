import type { FetchedRefund } from '#src/gateways/stripe.ts';

/** In minor units. Pending ones count, as in Stripe's own `amount_refunded`; failed ones gave the money back. */
export function refundedOf(refunds: readonly FetchedRefund[]): number {
  return refunds
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .reduce((sum, refund) => sum + refund.amount, 0);
}
