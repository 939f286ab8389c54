import type { BulkCalls } from './stripe-bulk.ts';
import type { Cancellation } from './stripe-cancellation.ts';
import type { DisputeActs } from './stripe-dispute-acts.ts';
import type { DisputeReads } from './stripe-disputes-read.ts';
import type { ListCalls } from './stripe-list-calls.ts';
import type { OwedCalls } from './stripe-owed.ts';
import type { WebhookCalls } from './stripe-webhook-calls.ts';

/**
 * The door to Stripe, in Lucy's words: what she asks, and what she reads of the answers. Times are milliseconds,
 * money is in minor units. Every call throws `StripeAway` when Stripe is away or asks to slow down; “no such
 * object” is an answer (null), not an error.
 */
export type StripeGateway = BulkCalls &
  OwedCalls &
  DisputeActs &
  DisputeReads & {
    /** All subscriptions of a customer, ended ones included; null when Stripe knows no such customer any more. */
    listSubscriptions(stripeCustomerId: string): Promise<FetchedSubscription[] | null>;
    getInvoice(invoiceId: string): Promise<FetchedInvoice | null>;
    /** The invoice that a payment intent pays, if any. */
    findInvoiceOfPaymentIntent(paymentIntentId: string): Promise<string | null>;
    getPaymentIntent(paymentIntentId: string): Promise<FetchedPaymentIntent | null>;
    getCharge(chargeId: string): Promise<FetchedCharge | null>;
    /** The newest charges of a customer, failed ones included, newest first. */
    listCharges(stripeCustomerId: string, limit: number): Promise<FetchedCharge[]>;
    /** What paid an invoice, through Stripe or (both null) outside of it; none while it is not paid. */
    listPaymentsOfInvoice(invoiceId: string): Promise<InvoicePaidBy[]>;
    /** Refunds of one payment that succeeded, added up; pending and failed ones do not count. */
    sumSucceededRefunds(payment: { paymentIntentId: string } | { chargeId: string }): Promise<number>;
    getCheckoutSession(sessionId: string): Promise<FetchedSession | null>;
    /** A price with its lookup key and product; invoice lines name only its id. */
    getPrice(priceId: string): Promise<FetchedPrice | null>;
    /** `metadata.tier` of a product, for items that nothing in the plan map names. */
    getProductTier(productId: string): Promise<string | null>;
    /** An event as Stripe keeps it for 30 days, as JSON text. */
    getEvent(eventId: string): Promise<string | null>;
    webhooks: WebhookCalls;
    lists: ListCalls;
    getSubscription(subscriptionId: string): Promise<FetchedSubscription | null>;
    getRefund(refundId: string): Promise<FetchedRefund | null>;
    /** Every refund of a charge, whatever became of it, newest first; none when Stripe knows no such charge. */
    listRefunds(chargeId: string): Promise<FetchedRefund[]>;
    /**
     * Sends exactly one request under exactly this idempotency key.
     * @throws StripeAway whose `outcome` says whether it may have happened
     * @throws StripeSaidNo
     */
    createRefund(refund: NewRefund): Promise<FetchedRefund>;
    /** Ends a subscription, as `createRefund` sends; ending one twice comes to the same. */
    cancelSubscription(cancellation: Cancellation): Promise<FetchedSubscription>;
  };

/** docs.stripe.com/api/refunds/create: the only reasons that Stripe takes; `fraudulent` blocks card and email. */
export type StripeRefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';

export type NewRefund = {
  chargeId: string;
  /** In minor units of the charge's currency. */
  amount: number;
  reason: StripeRefundReason;
  metadata: Record<string, string>;
  idempotencyKey: string;
};

export type FetchedRefund = {
  id: string;
  chargeId: string | null;
  amount: number;
  currency: string;
  /** `pending`, `requires_action`, `succeeded`, `failed` or `canceled`. */
  status: string;
  failureReason: string | null;
  pendingReason: string | null;
  metadata: Record<string, string>;
  createdAt: number;
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
  stripeCustomerId: string | null;
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
  /** Stripe's next try to collect it by itself; null: there is none any more. Left out where Stripe does not try. */
  nextAttemptAt?: number | null;
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
  /** `succeeded`, `pending` or `failed`. */
  status: string;
  stripeCustomerId: string | null;
  paymentIntentId: string | null;
  /** Only in renderings before 2025-03-31. */
  invoiceId: string | null;
  currency: string;
  amount: number;
  amountCaptured: number;
  /** Refunds that are still pending are in it; one that fails leaves it again. */
  amountRefunded: number;
  isCaptured: boolean;
  isDisputed: boolean;
  createdAt: number;
  description: string | null;
  /** `Visa ending in 4242`. */
  paidWith: string | null;
};

export type InvoicePaidBy = { paymentIntentId: string | null; chargeId: string | null };

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
