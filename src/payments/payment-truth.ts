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
  lines: PaidLine[];
};

/** One thing paid for. */
export type PaidLine = {
  id: string;
  priceId: string | null;
  lookupKey: string | null;
  productId: string | null;
  quantity: number;
  amount: number;
  isProration: boolean;
  subscriptionId: string | null;
  periodStart: number | null;
  periodEnd: number | null;
};
