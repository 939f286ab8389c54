import Stripe from 'stripe';
import { StripeAway, type StripeGateway, StripeRefused } from './stripe.ts';
import { price } from './stripe-fields.ts';
import { readInvoice, readInvoiceLine } from './stripe-read-invoice.ts';
import { readCharge, readCheckoutSession, readPaymentIntent } from './stripe-read-payment.ts';
import { readNextPhase, readSubscription } from './stripe-read-subscription.ts';

const TIMEOUT_MS = 10_000;
const PAGES_MAX = 100;

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
    async getCharge(id) {
      const raw = await ask(() => stripe.charges.retrieve(id));
      return raw && readCharge(raw);
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
    throw new StripeRefused(
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

function addressOf(apiBase: string): { host: string; port: string; protocol: 'http' | 'https' } {
  const url = new URL(apiBase);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return { host: url.hostname, port: url.port || (protocol === 'http' ? '80' : '443'), protocol };
}

async function collectPages<T extends { id: string }>(
  page: (after: { starting_after?: string }) => Promise<{ data: T[]; has_more: boolean }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let count = 0; count < PAGES_MAX; count++) {
    const last = all.at(-1);
    const { data, has_more } = await page(last ? { starting_after: last.id } : {});
    all.push(...data);
    if (!has_more || data.length === 0) return all;
  }
  throw new Error(`Stripe listed more than ${PAGES_MAX} pages`);
}

/** “No such object” is an answer; away and too fast are to be tried again; the rest is a defect or a setting. */
async function orMissing<T>(call: () => Promise<T>, onCall?: (ok: boolean) => void): Promise<T | null> {
  try {
    const answer = await call();
    onCall?.(true);
    return answer;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') {
      onCall?.(true);
      return null;
    }
    onCall?.(false);
    if (
      error instanceof Stripe.errors.StripeAuthenticationError ||
      error instanceof Stripe.errors.StripePermissionError
    )
      throw new StripeRefused(error.message);
    throw isAway(error) ? new StripeAway(error.message, retryAfterOf(error)) : error;
  }
}

function isAway(error: unknown): error is InstanceType<typeof Stripe.errors.StripeError> {
  return (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    error instanceof Stripe.errors.StripeAPIError ||
    (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 0) >= 500)
  );
}

function retryAfterOf(error: InstanceType<typeof Stripe.errors.StripeError>): number | null {
  const seconds = Number(error.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}
