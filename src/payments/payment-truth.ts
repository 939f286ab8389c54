import type { FetchedInvoiceLine } from '#src/gateways/stripe.ts';

/** What Stripe says of one payment now: an invoice, or a payment intent that pays none. Money is keyed on its id. */
export type PaymentTruth = {
  /** `in_…` or `pi_…`. */
  id: string;
  status: 'paid' | 'open' | 'void' | 'other';
  stripeCustomerId: string;
  subscriptionId: string | null;
  paymentIntentId: string | null;
  chargeId: string | null;
  billingReason: string | null;
  currency: string | null;
  amountPaid: number;
  /** Null when this pass did not ask; what is known stays. */
  amountRefunded: number | null;
  paidAt: number | null;
  /** As in FetchedInvoice: null when Stripe will not try again, left out where it does not try. */
  nextAttemptAt?: number | null;
  lines: PaidLine[];
};

/** One thing paid for, in the shape in which invoices name it. */
export type PaidLine = FetchedInvoiceLine;
