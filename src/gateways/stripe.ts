/**
 * The door to Stripe, in Lucy's words: what she asks, and what she reads of the answers. Times are milliseconds,
 * money is in minor units. Every call throws `StripeAway` when Stripe is away or asks to slow down; “no such
 * object” is an answer (null), not an error.
 */
export type StripeGateway = {
  /** All subscriptions of a customer, ended ones included; null when Stripe knows no such customer any more. */
  listSubscriptions(stripeCustomerId: string): Promise<FetchedSubscription[] | null>;
  getInvoice(invoiceId: string): Promise<FetchedInvoice | null>;
  /** The invoice that a payment intent pays, if any. */
  findInvoiceOfPaymentIntent(paymentIntentId: string): Promise<string | null>;
  getPaymentIntent(paymentIntentId: string): Promise<FetchedPaymentIntent | null>;
  getCharge(chargeId: string): Promise<FetchedCharge | null>;
  /** Refunds of one payment that succeeded, added up; pending and failed ones do not count. */
  sumSucceededRefunds(payment: { paymentIntentId: string } | { chargeId: string }): Promise<number>;
  getCheckoutSession(sessionId: string): Promise<FetchedSession | null>;
  /** A price with its lookup key and product; invoice lines name only its id. */
  getPrice(priceId: string): Promise<FetchedPrice | null>;
  /** `metadata.tier` of a product, for items that nothing in the plan map names. */
  getProductTier(productId: string): Promise<string | null>;
  /** An event as Stripe keeps it for 30 days, as JSON text. */
  getEvent(eventId: string): Promise<string | null>;
};

export type FetchedPrice = { priceId: string; lookupKey: string | null; productId: string | null };

export type FetchedItem = {
  priceId: string;
  lookupKey: string | null;
  productId: string | null;
  productTier: string | null;
  quantity: number;
  periodStart: number | null;
  periodEnd: number | null;
};

export type FetchedSubscription = {
  id: string;
  status: string;
  items: FetchedItem[];
  pauseBehavior: string | null;
  cancelAt: number | null;
  endedAt: number | null;
  trialEnd: number | null;
  createdAt: number;
  latestInvoiceId: string | null;
  /** The next phase of a schedule, when there is one in the future. */
  pendingItems: FetchedItem[];
  pendingAt: number | null;
};

export type FetchedInvoiceLine = {
  id: string;
  /** Null for a free line without a price. */
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

export type FetchedInvoice = {
  id: string;
  status: string;
  billingReason: string | null;
  stripeCustomerId: string | null;
  subscriptionId: string | null;
  currency: string | null;
  amountPaid: number;
  createdAt: number;
  paidAt: number | null;
  attemptCount: number;
  paymentIntentId: string | null;
  chargeId: string | null;
  lines: FetchedInvoiceLine[];
};

export type FetchedPaymentIntent = {
  id: string;
  status: string;
  stripeCustomerId: string | null;
  amountReceived: number;
  currency: string | null;
  createdAt: number;
  latestChargeId: string | null;
};

export type FetchedCharge = {
  id: string;
  stripeCustomerId: string | null;
  paymentIntentId: string | null;
  /** Only in renderings before 2025-03-31. */
  invoiceId: string | null;
};

export type FetchedSession = {
  id: string;
  mode: string;
  paymentStatus: string;
  stripeCustomerId: string | null;
  clientReferenceId: string | null;
  paymentIntentId: string | null;
  invoiceId: string | null;
  currency: string | null;
  amountTotal: number;
  createdAt: number;
  lineItems: {
    priceId: string | null;
    lookupKey: string | null;
    productId: string | null;
    quantity: number;
  }[];
};

/** Stripe did not answer, answered with an error of its own, or asked to slow down. Try again later. */
export class StripeAway extends Error {
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'StripeAway';
    this.retryAfterMs = retryAfterMs;
  }
}

/** Stripe does not take our key, or the key may not do this: nothing in the inbox is at fault, a person must mend it. */
export class StripeRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StripeRefused';
  }
}

/** Nobody's event is to blame: to be tried again, however often. */
export function isStripeTrouble(error: unknown): boolean {
  return error instanceof StripeAway || error instanceof StripeRefused;
}
