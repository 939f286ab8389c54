import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { RefundInput } from './refund-input.ts';

/** The same request for one charge, as a line to type or to click. */
export function requestLine(input: RefundInput, chargeId: string): string {
  return lineWithFlags(`refund request ${chargeId}`, [
    ['amount', input.amount],
    ['reason', input.reason],
    ['ticket', input.ticket],
    ['stripe-reason', input.stripeReason],
    ['end-subscription', input.endSubscription],
  ]);
}
