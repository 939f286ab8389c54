import Stripe from 'stripe';
import type { StripeGateway } from './stripe.ts';
import { bulkCalls } from './stripe-bulk.ts';
import { addressOf, collectPages, orMissing, TIMEOUT_MS } from './stripe-calls.ts';
import { chargeReads } from './stripe-charges.ts';
import { disputeActs } from './stripe-dispute-acts.ts';
import { disputeReads } from './stripe-disputes-read.ts';
import { UnknownStripeCustomer } from './stripe-errors.ts';
import { price } from './stripe-fields.ts';
import { listCalls } from './stripe-list-objects.ts';
import { owedCalls } from './stripe-owed.ts';
import { readInvoice, readInvoiceLine } from './stripe-read-invoice.ts';
import { readCheckoutSession, readPaymentIntent } from './stripe-read-payment.ts';
import { readNextPhase, readSubscription } from './stripe-read-subscription.ts';
import { refundCalls } from './stripe-refunds.ts';
import { webhookCalls } from './stripe-webhooks.ts';

/** The real Stripe, at the API version that the SDK pins; objects are read tolerantly, as older renderings may come. */
export function createStripeGateway(options: {
  secretKey: string;
  apiBase: string;
  onCall?: (ok: boolean) => void;
}): StripeGateway {
  const stripe = new Stripe(options.secretKey, {
    ...addressOf(options.apiBase),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    telemetry: false,
  });
  const ask = <T>(call: () => Promise<T>): Promise<T | null> => orMissing(call, options.onCall);

  return {
    ...bulkCalls(stripe, ask),
    ...chargeReads(stripe, ask),
    ...disputeActs(stripe, ask, options),
    ...disputeReads(stripe, ask),
    ...owedCalls(stripe, ask),
    ...refundCalls(stripe, ask, options),
    webhooks: webhookCalls(stripe, ask),
    lists: listCalls(stripe, ask),
    async listSubscriptions(customer) {
      const raw = await ask(() =>
        collectPages((after) => stripe.subscriptions.list({ customer, status: 'all', limit: 100, ...after })),
      );
      if (raw === null) return whenUnknown(customer);
      return Promise.all(raw.map((subscription) => withNextPhase(subscription)));
    },
    async getInvoice(id) {
      const raw = await ask(() => stripe.invoices.retrieve(id, { expand: ['payments'] }));
      if (raw === null) return null;
      const invoice = readInvoice(raw);
      if (!raw.lines?.has_more) return invoice;
      const lines = await ask(() =>
        collectPages((after) => stripe.invoices.listLineItems(id, { limit: 100, ...after })),
      );
      return { ...invoice, lines: (lines ?? []).map(readInvoiceLine) };
    },
    async findInvoiceOfPaymentIntent(id) {
      const raw = await ask(() =>
        stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: id }, limit: 1 }),
      );
      const invoice = raw?.data[0]?.invoice;
      return typeof invoice === 'string' ? invoice : (invoice?.id ?? null);
    },
    async getPaymentIntent(id) {
      const raw = await ask(() => stripe.paymentIntents.retrieve(id));
      return raw && readPaymentIntent(raw);
    },
    async sumSucceededRefunds(payment) {
      const filter =
        'chargeId' in payment ? { charge: payment.chargeId } : { payment_intent: payment.paymentIntentId };
      const refunds = await ask(() =>
        collectPages((after) => stripe.refunds.list({ ...filter, limit: 100, ...after })),
      );
      return (refunds ?? [])
        .filter((refund) => refund.status === 'succeeded')
        .reduce((sum, refund) => sum + refund.amount, 0);
    },
    async getCheckoutSession(id) {
      const raw = await ask(() => stripe.checkout.sessions.retrieve(id));
      if (raw === null) return null;
      const items =
        raw.mode === 'payment'
          ? await ask(() =>
              collectPages((after) => stripe.checkout.sessions.listLineItems(id, { limit: 100, ...after })),
            )
          : [];
      return readCheckoutSession(raw, items ?? []);
    },
    async getPrice(id) {
      const raw = await ask(() => stripe.prices.retrieve(id));
      return raw && price.parse(raw);
    },
    async getProductTier(id) {
      const product = await ask(() => stripe.products.retrieve(id));
      return product?.metadata?.tier ?? null;
    },
    async getEvent(id) {
      const event = await ask(() => stripe.events.retrieve(id));
      return event && JSON.stringify(event);
    },
  };

  /** Only `deleted: true` is a deletion; a customer that this account never had must not cost anybody a tier. */
  async function whenUnknown(customer: string): Promise<null> {
    const found = await ask(() => stripe.customers.retrieve(customer));
    if (found?.deleted) return null;
    throw new UnknownStripeCustomer(
      `Stripe knows no customer ${customer}: is the link right, and the key of this account?`,
    );
  }

  async function withNextPhase(raw: Stripe.Subscription) {
    const subscription = readSubscription(raw);
    const scheduleId = typeof raw.schedule === 'string' ? raw.schedule : raw.schedule?.id;
    if (!scheduleId) return subscription;
    const schedule = await ask(() =>
      stripe.subscriptionSchedules.retrieve(scheduleId, { expand: ['phases.items.price'] }),
    );
    return schedule ? { ...subscription, ...readNextPhase(schedule) } : subscription;
  }
}
