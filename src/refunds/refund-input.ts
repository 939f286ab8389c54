import type {
  FetchedCharge,
  FetchedRefund,
  FetchedSubscription,
  StripeRefundReason,
} from '#src/gateways/stripe.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';

export const stripeReasons = [
  'requested_by_customer',
  'duplicate',
  'fraudulent',
] as const satisfies StripeRefundReason[];
export const endings = ['no', 'now', 'period_end'] as const;

export type Ending = (typeof endings)[number];

/** What somebody typed who wants money to go back. */
export type RefundInput = {
  /** `ch_…`, `py_…`, `pi_…`, `in_…`, or a customer. */
  payment: string;
  amount?: string | undefined;
  stripeReason?: StripeRefundReason | undefined;
  endSubscription?: Ending | undefined;
  reason: string;
  ticket?: string | undefined;
};

/** What Stripe says of the payment now; everything that the plan rests on besides the database. */
export type RefundFacts = {
  charge: FetchedCharge;
  refunds: readonly FetchedRefund[];
  disputes: readonly FetchedDispute[];
  invoiceId: string | null;
  /** What its invoice was for. */
  subscription: FetchedSubscription | null;
  /** The newest payments of the same Stripe customer, without this one. */
  others: readonly FetchedCharge[];
};
