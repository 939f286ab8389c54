import type { FetchedCharge, FetchedRefund } from '#src/gateways/stripe.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';
import { blockingDispute, lostOf, openDispute } from './disputed.ts';

/** How far a payment is refunded. Amounts in minor units of its currency. */
export type Standing = {
  /** What is on its way back counts as refunded: only so nobody sends it twice. */
  refunded: number;
  /** Of that, what Stripe lists as refunds: a partial capture releases the rest without one. */
  listed: number;
  pending: number;
  /** What neither went back to the customer nor was lost to their bank. */
  left: number;
  isRefundable: boolean;
  /** For a table: `disputed`, `fully refunded`. */
  words: string;
};

const gone = new Set(['failed', 'canceled']);
const underWay = new Set(['pending', 'requires_action']);

/** Pure: from what Stripe says of the charge, its refunds and its disputes. */
export function standingOf(
  charge: FetchedCharge,
  refunds: readonly FetchedRefund[],
  disputes: readonly FetchedDispute[],
): Standing {
  const listed = sumOf(refunds.filter((refund) => !gone.has(refund.status)));
  const pending = sumOf(refunds.filter((refund) => underWay.has(refund.status)));
  const refunded = Math.max(charge.amountRefunded, listed);
  // What a partial capture released counts as refunded at Stripe, so both bounds hold.
  const rest = charge.amount - refunded - lostOf(charge, refunded, disputes);
  const left = Math.max(0, Math.min(charge.amountCaptured, rest));
  const isRefundable =
    charge.status === 'succeeded' && charge.isCaptured && !blockingDispute(disputes, left) && left > 0;
  return {
    refunded,
    listed,
    pending,
    left,
    isRefundable,
    words: wordsOf(charge, disputes, left, pending, refunded),
  };
}

function wordsOf(
  charge: FetchedCharge,
  disputes: readonly FetchedDispute[],
  left: number,
  pending: number,
  refunded: number,
): string {
  if (charge.status !== 'succeeded') return charge.status === 'failed' ? 'not paid' : 'payment pending';
  if (!charge.isCaptured) return 'not captured';
  if (blockingDispute(disputes, left)) return 'disputed';
  if (pending > 0) return 'pending refund';
  if (left === 0) return 'fully refunded';
  if (openDispute(disputes)) return 'inquiry';
  return refunded > 0 ? 'partly refunded' : 'paid';
}

function sumOf(refunds: readonly FetchedRefund[]): number {
  return refunds.reduce((sum, refund) => sum + refund.amount, 0);
}
