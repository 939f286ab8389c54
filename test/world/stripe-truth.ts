import type {
  FetchedCharge,
  FetchedInvoice,
  FetchedSession,
  FetchedSubscription,
  StripeGateway,
} from '#src/gateways/stripe.ts';
import type {
  FetchedDispute,
  FetchedFraudWarning,
  FetchedReview,
} from '#src/gateways/stripe-disputes-read.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { truthBulk } from './truth-bulk.ts';
import { truthDisputeActs } from './truth-dispute-acts.ts';
import { truthDisputes } from './truth-disputes.ts';
import { truthOwed } from './truth-owed.ts';
import { type TruthRefund, truthRefunds } from './truth-refunds.ts';
import { stripeEvent } from './webhook-world.ts';

const DAY_MS = 86_400_000;

/** Stripe as plain maps behind the gateway's own interface: what is true there now, which a test edits and counts. */
export type StripeTruth = {
  gateway: StripeGateway;
  subscriptions: Map<string, FetchedSubscription & { customer: string }>;
  invoices: Map<string, FetchedInvoice>;
  sessions: Map<string, FetchedSession>;
  /** Refunds by payment intent: amount and whether the money really went. */
  refunds: Map<string, TruthRefund[]>;
  /** What becomes of the refunds that Lucy asks for. */
  newRefundsAre: 'succeeded' | 'pending';
  /** Charges that a test looks at closely; any other id is a charge, too, of which nothing is known. */
  charges: Map<string, FetchedCharge>;
  /** Disputes by charge. */
  disputes: Map<string, FetchedDispute[]>;
  warnings: Map<string, FetchedFraudWarning>;
  reviews: Map<string, FetchedReview>;
  deleted: Set<string>;
  /** lookup key by price. */
  prices: Map<string, string>;
  calls: string[];
  /** Objects in one page of a whole list. */
  pageSize: number;
  /** Runs before each answer: to throw, to wait, to change the truth meanwhile. */
  onCall: (name: string) => Promise<void> | void;
  subscribe(
    customer: string,
    priceId: string,
    patch?: Partial<FetchedSubscription>,
  ): FetchedSubscription & { customer: string };
  payInvoice(subscriptionId: string, patch?: Partial<FetchedInvoice>): FetchedInvoice;
  refund(paymentIntentId: string, amount: number, status?: 'succeeded' | 'pending' | 'failed'): void;
};

export function stripeTruth(now: () => number): StripeTruth {
  let counter = 0;
  const truth: StripeTruth = {
    subscriptions: new Map(),
    invoices: new Map(),
    sessions: new Map(),
    refunds: new Map(),
    newRefundsAre: 'succeeded',
    charges: new Map(),
    disputes: new Map(),
    warnings: new Map(),
    reviews: new Map(),
    deleted: new Set(),
    prices: new Map([
      ['price_A', 'starter_monthly'],
      ['price_B', 'pro_monthly'],
    ]),
    calls: [],
    pageSize: 100,
    onCall: () => {},
    subscribe(customer, priceId, patch = {}) {
      const id = patch.id ?? `sub_${++counter}`;
      const item = {
        priceId,
        lookupKey: truth.prices.get(priceId) ?? null,
        productId: null,
        productTier: null,
        quantity: 1,
        periodStart: now(),
        periodEnd: now() + 30 * DAY_MS,
      };
      const subscription = {
        id,
        customer,
        status: 'active',
        items: [item],
        pauseBehavior: null,
        cancelAt: null,
        endedAt: null,
        trialEnd: null,
        createdAt: now(),
        latestInvoiceId: null,
        stripeCustomerId: customer,
        pendingItems: [],
        pendingAt: null,
        ...patch,
      };
      truth.subscriptions.set(id, subscription);
      return subscription;
    },
    payInvoice(subscriptionId, patch = {}) {
      const subscription = truth.subscriptions.get(subscriptionId);
      const item = subscription?.items[0];
      const id = patch.id ?? `in_${++counter}`;
      const invoice: FetchedInvoice = {
        id,
        status: 'paid',
        billingReason: 'subscription_cycle',
        stripeCustomerId: subscription?.customer ?? null,
        subscriptionId,
        currency: 'usd',
        amountPaid: 4_900,
        createdAt: now(),
        paidAt: now(),
        attemptCount: 1,
        paymentIntentId: `pi_${id}`,
        chargeId: `ch_${id}`,
        lines: [
          {
            id: `il_${id}`,
            priceId: item?.priceId ?? null,
            lookupKey: null,
            productId: null,
            quantity: 1,
            amount: 4_900,
            isProration: false,
            subscriptionId,
            periodStart: item?.periodStart ?? null,
            periodEnd: item?.periodEnd ?? null,
          },
        ],
        ...patch,
      };
      truth.invoices.set(id, invoice);
      if (subscription) subscription.latestInvoiceId = id;
      return invoice;
    },
    refund(paymentIntentId, amount, status = 'succeeded') {
      truth.refunds.set(paymentIntentId, [...(truth.refunds.get(paymentIntentId) ?? []), { amount, status }]);
    },
    gateway: {
      // Nothing was ever lost here; tests of lost webhooks ask the local Stripe.
      webhooks: {
        listEvents: () => answer('listEvents', () => ({ events: [], next: null })),
        listWebhookEndpoints: () => answer('listWebhookEndpoints', () => []),
        stripeTime: () => answer('stripeTime', now),
        resendEvent: () => answer('resendEvent', () => {}),
      },
      // Everything on one page; tests of many pages have a list of their own.
      lists: {
        listSubscriptionPage: ({ from, before }) =>
          answer('listSubscriptionPage', () => ({
            rows: [...truth.subscriptions.values()]
              .filter((row) => row.createdAt >= from && row.createdAt < before)
              .map((row) => ({ ...structuredClone(row), isLive: false })),
            hasMore: false,
          })),
        listRefundPage: () => answer('listRefundPage', () => ({ rows: [], hasMore: false })),
        listSessionPage: () => answer('listSessionPage', () => ({ rows: [], hasMore: false })),
        accountOpenedAt: () => answer('accountOpenedAt', () => 0),
      },
      listSubscriptions: (customer) =>
        answer('listSubscriptions', () =>
          truth.deleted.has(customer)
            ? null
            : [...truth.subscriptions.values()]
                .filter((row) => row.customer === customer)
                .map((row) => structuredClone(row)),
        ),
      getInvoice: (id) => answer('getInvoice', () => structuredClone(truth.invoices.get(id) ?? null)),
      findInvoiceOfPaymentIntent: (id) =>
        answer(
          'findInvoiceOfPaymentIntent',
          () => [...truth.invoices.values()].find((row) => row.paymentIntentId === id)?.id ?? null,
        ),
      getPaymentIntent: (id) =>
        answer('getPaymentIntent', () => {
          const session = [...truth.sessions.values()].find((row) => row.paymentIntentId === id);
          const invoice = [...truth.invoices.values()].find((row) => row.paymentIntentId === id);
          if (!session && !invoice) return null;
          return {
            id,
            status: 'succeeded',
            stripeCustomerId: session?.stripeCustomerId ?? invoice?.stripeCustomerId ?? null,
            amountReceived: session?.amountTotal ?? invoice?.amountPaid ?? 0,
            currency: 'usd',
            createdAt: now(),
            latestChargeId: null,
          };
        }),
      getCharge: (id) => answer('getCharge', () => structuredClone(truth.charges.get(id) ?? bareCharge(id))),
      listCharges: (customer, limit) =>
        answer('listCharges', () =>
          structuredClone(
            [...truth.charges.values()].filter((row) => row.stripeCustomerId === customer).slice(0, limit),
          ),
        ),
      listPaymentsOfInvoice: (id) =>
        answer('listPaymentsOfInvoice', () => {
          const invoice = truth.invoices.get(id);
          if (invoice?.status !== 'paid') return [];
          return [{ paymentIntentId: invoice.paymentIntentId, chargeId: invoice.chargeId }];
        }),
      sumSucceededRefunds: (payment) =>
        answer('sumSucceededRefunds', () => {
          const key =
            'paymentIntentId' in payment ? payment.paymentIntentId : payment.chargeId.replace(/^ch_/, 'pi_');
          return (truth.refunds.get(key) ?? [])
            .filter((row) => row.status === 'succeeded')
            .reduce((sum, row) => sum + row.amount, 0);
        }),
      getCheckoutSession: (id) =>
        answer('getCheckoutSession', () => structuredClone(truth.sessions.get(id) ?? null)),
      getPrice: (id) =>
        answer('getPrice', () => ({ priceId: id, lookupKey: truth.prices.get(id) ?? null, productId: null })),
      getProductTier: () => answer('getProductTier', () => null),
      getEvent: () => answer('getEvent', () => null),
      ...truthDisputeActs(() => truth, answer),
      ...truthDisputes(() => truth, answer),
      ...truthBulk(() => truth, answer),
      ...truthOwed(() => truth, answer),
      ...truthRefunds(() => truth, now, answer),
    },
  };
  return truth;

  async function answer<T>(name: string, read: () => T): Promise<T> {
    truth.calls.push(name);
    await truth.onCall(name);
    return read();
  }
}

function bareCharge(id: string): FetchedCharge {
  return {
    id,
    status: 'succeeded',
    stripeCustomerId: null,
    paymentIntentId: id.replace(/^ch_/, 'pi_'),
    invoiceId: null,
    currency: 'usd',
    amount: 0,
    amountCaptured: 0,
    amountRefunded: 0,
    isCaptured: true,
    isDisputed: false,
    createdAt: 0,
    description: null,
    paidWith: null,
  };
}

export const stripeDown = (): never => {
  throw new StripeAway('Stripe is down');
};

/** Events as Stripe would send them; they name objects, and carry payloads that nobody may trust. */
export const events = {
  subscription: (type: string, subscription: { id: string; customer: string }, id?: string) =>
    stripeEvent(
      `customer.subscription.${type}`,
      { id: subscription.id, object: 'subscription', customer: subscription.customer, status: 'active' },
      id,
    ),
  invoice: (type: string, invoice: FetchedInvoice, id?: string) =>
    stripeEvent(
      `invoice.${type}`,
      {
        id: invoice.id,
        object: 'invoice',
        customer: invoice.stripeCustomerId,
        created: Math.floor(invoice.createdAt / 1000),
      },
      id,
    ),
  session: (session: FetchedSession, id?: string) =>
    stripeEvent(
      'checkout.session.completed',
      {
        id: session.id,
        object: 'checkout.session',
        customer: session.stripeCustomerId,
        client_reference_id: session.clientReferenceId,
        invoice: session.invoiceId,
        payment_intent: session.paymentIntentId,
      },
      id,
    ),
  refund: (type: string, paymentIntentId: string, customer: string | null, id?: string) =>
    stripeEvent(
      `refund.${type}`,
      {
        id: `re_${paymentIntentId}`,
        object: 'refund',
        payment_intent: paymentIntentId,
        charge: null,
        customer,
      },
      id,
    ),
};
