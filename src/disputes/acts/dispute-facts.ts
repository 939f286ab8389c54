import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import type { RefundFacts } from '#src/refunds/refund-input.ts';

/** What Stripe says now of a dispute and of the payment that it is about. */
export type DisputeFacts = { dispute: AnswerableDispute; paid: RefundFacts };
