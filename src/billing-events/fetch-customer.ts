import type { Database } from '#db/connection.ts';
import { findPayment, findPaymentByAnyId } from '#db/payments.ts';
import { findPaidEvent, type StripeEventRow } from '#db/stripe-events.ts';
import type { Settings } from '#src/core/settings.ts';
import {
  type FetchedInvoice,
  type FetchedItem,
  type FetchedSubscription,
  StripeAway,
  type StripeGateway,
} from '#src/gateways/stripe.ts';
import type { PaidLine, PaymentTruth } from '#src/payments/payment-truth.ts';
import { mapPack, mapPlan } from '#src/subscriptions/plan-map.ts';
import { ruleOf } from './event-types.ts';
import { readHint } from './read-event.ts';

/** Everything that a pass needs from Stripe, fetched before its transaction. */
export type FetchedCustomer = {
  isDeleted: boolean;
  subscriptions: FetchedSubscription[];
  payments: { truth: PaymentTruth; eventIds: string[] }[];
  /** Events whose object could not be read: they fail alone, the rest goes on. */
  failures: Map<string, unknown>;
};

type Fetching = { stripe: StripeGateway; database: Database; settings: Settings };

/** The objects that events name: payment id -> the events that want it, and whether refunds must be asked for. */
type Wanted = Map<string, { eventIds: string[]; asksRefunds: boolean; session: PaymentTruth | null }>;

export async function fetchCustomer(
  fetching: Fetching,
  stripeCustomerId: string,
  events: readonly StripeEventRow[],
): Promise<FetchedCustomer> {
  const listed = await fetching.stripe.listSubscriptions(stripeCustomerId);
  const subscriptions = await Promise.all(
    (listed ?? []).map((subscription) => withProductTiers(fetching, subscription)),
  );
  const failures = new Map<string, unknown>();
  const wanted: Wanted = new Map();
  for (const event of events) {
    await isolate(failures, [event.id], () => readWanted(fetching, stripeCustomerId, event, wanted));
  }
  await wantLatestInvoices(fetching, subscriptions, wanted);
  const payments: FetchedCustomer['payments'] = [];
  for (const [id, { eventIds, asksRefunds, session }] of wanted) {
    await isolate(failures, eventIds, async () => {
      const found = session ?? (await fetchPayment(fetching, id, stripeCustomerId, subscriptions));
      if (!found) return;
      const truth = asksRefunds ? await withRefunds(fetching, found) : found;
      payments.push({ truth, eventIds });
    });
  }
  return { isDeleted: listed === null, subscriptions, payments, failures };
}

/** Stripe being away stops the pass; anything else is the fault of this one object. */
async function isolate(
  failures: Map<string, unknown>,
  eventIds: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StripeAway || eventIds.length === 0) throw error;
    for (const id of eventIds) failures.set(id, error);
  }
}

async function readWanted(
  fetching: Fetching,
  stripeCustomerId: string,
  event: StripeEventRow,
  wanted: Wanted,
): Promise<void> {
  const kind = ruleOf(event.type)?.kind;
  if (kind !== 'invoice' && kind !== 'session' && kind !== 'refund') return;
  const hint = readHint(event.payload);
  if (kind === 'invoice' && hint.objectId) return want(wanted, hint.objectId, event.id, false);
  if (kind === 'session' && hint.objectId)
    return wantSession(fetching, stripeCustomerId, hint.objectId, event, wanted);
  const paymentId = await paymentOfRefund(fetching, hint);
  if (paymentId) want(wanted, paymentId, event.id, true);
}

function want(
  wanted: Wanted,
  id: string,
  eventId: string | null,
  asksRefunds: boolean,
  session: PaymentTruth | null = null,
): void {
  const known = wanted.get(id);
  wanted.set(id, {
    eventIds: [...(known?.eventIds ?? []), ...(eventId ? [eventId] : [])],
    asksRefunds: asksRefunds || (known?.asksRefunds ?? false),
    session: session ?? known?.session ?? null,
  });
}

/** A session that made an invoice is that invoice; a paid one without is its payment intent. */
async function wantSession(
  fetching: Fetching,
  stripeCustomerId: string,
  id: string,
  event: StripeEventRow,
  wanted: Wanted,
): Promise<void> {
  const session = await fetching.stripe.getCheckoutSession(id);
  if (!session) return;
  if (session.invoiceId) return want(wanted, session.invoiceId, event.id, false);
  if (session.mode !== 'payment' || session.paymentStatus !== 'paid') return;
  const paymentId = session.paymentIntentId ?? session.id;
  const local = await findPayment(fetching.database.knex, paymentId);
  want(wanted, paymentId, event.id, (local?.amount_refunded ?? 0) > 0, {
    id: paymentId,
    status: 'paid',
    stripeCustomerId,
    subscriptionId: null,
    paymentIntentId: session.paymentIntentId,
    chargeId: null,
    billingReason: 'manual',
    currency: session.currency,
    amountPaid: session.amountTotal,
    amountRefunded: null,
    // A session paid when it was completed, which is what the event says; it was made at most a day before.
    paidAt: event.created_at,
    lines: session.lineItems.map((item, index) => ({
      ...item,
      id: `item${index + 1}`,
      amount: 0,
      isProration: false,
      subscriptionId: null,
      periodStart: null,
      periodEnd: null,
    })),
  });
}

async function paymentOfRefund(
  fetching: Fetching,
  hint: ReturnType<typeof readHint>,
): Promise<string | null> {
  for (const id of [hint.paymentIntentId, hint.chargeId, hint.invoiceId]) {
    const local = id ? await findPaymentByAnyId(fetching.database.knex, id) : undefined;
    if (local) return local.id;
  }
  const charge =
    !hint.paymentIntentId && hint.chargeId ? await fetching.stripe.getCharge(hint.chargeId) : null;
  const intentId = hint.paymentIntentId ?? charge?.paymentIntentId ?? null;
  const invoiceId =
    hint.invoiceId ??
    charge?.invoiceId ??
    (intentId ? await fetching.stripe.findInvoiceOfPaymentIntent(intentId) : null);
  return invoiceId ?? intentId;
}

/** A paid latest invoice whose event never came is settled all the same. */
async function wantLatestInvoices(
  fetching: Fetching,
  subscriptions: readonly FetchedSubscription[],
  wanted: Wanted,
): Promise<void> {
  for (const { latestInvoiceId, status } of subscriptions) {
    if (!latestInvoiceId || (status !== 'active' && status !== 'trialing')) continue;
    const local = await findPayment(fetching.database.knex, latestInvoiceId);
    if (local?.status !== 'paid') want(wanted, latestInvoiceId, null, false);
  }
}

async function fetchPayment(
  fetching: Fetching,
  id: string,
  stripeCustomerId: string,
  subscriptions: readonly FetchedSubscription[],
): Promise<PaymentTruth | null> {
  if (!id.startsWith('in_')) {
    const intent = await fetching.stripe.getPaymentIntent(id);
    if (!intent) return null;
    const isPaid = intent.status === 'succeeded';
    return {
      id,
      status: isPaid ? 'paid' : 'other',
      stripeCustomerId,
      subscriptionId: null,
      paymentIntentId: id,
      chargeId: intent.latestChargeId,
      billingReason: null,
      currency: intent.currency,
      amountPaid: intent.amountReceived,
      amountRefunded: null,
      paidAt: null,
      lines: [],
    };
  }
  const invoice = await fetching.stripe.getInvoice(id);
  return invoice && truthOfInvoice(fetching, invoice, stripeCustomerId, subscriptions);
}

async function truthOfInvoice(
  fetching: Fetching,
  invoice: FetchedInvoice,
  stripeCustomerId: string,
  subscriptions: readonly FetchedSubscription[],
): Promise<PaymentTruth> {
  const status =
    invoice.status === 'paid' || invoice.status === 'void' || invoice.status === 'open'
      ? invoice.status
      : 'other';
  const paidAt =
    status === 'paid'
      ? (invoice.paidAt ?? (await findPaidEvent(fetching.database.knex, invoice.id)) ?? invoice.createdAt)
      : null;
  return {
    id: invoice.id,
    status,
    stripeCustomerId: invoice.stripeCustomerId ?? stripeCustomerId,
    subscriptionId: invoice.subscriptionId,
    paymentIntentId: invoice.paymentIntentId,
    chargeId: invoice.chargeId,
    billingReason: invoice.billingReason,
    currency: invoice.currency,
    amountPaid: invoice.amountPaid,
    amountRefunded: null,
    paidAt,
    lines:
      status === 'paid'
        ? await Promise.all(invoice.lines.map((line) => withPrice(fetching, line, subscriptions)))
        : [],
  };
}

/** Lines name a price by id alone; its lookup key is known from the subscription, or asked for. */
async function withPrice(
  fetching: Fetching,
  line: PaidLine,
  subscriptions: readonly FetchedSubscription[],
): Promise<PaidLine> {
  const { settings, stripe } = fetching;
  if (!line.priceId || mapPlan(settings, line) || mapPack(settings, line)) return line;
  const item = subscriptions
    .flatMap((subscription) => subscription.items)
    .find((candidate) => candidate.priceId === line.priceId);
  const price = item?.lookupKey ? item : await stripe.getPrice(line.priceId);
  return price ? { ...line, lookupKey: price.lookupKey, productId: price.productId ?? line.productId } : line;
}

async function withRefunds(fetching: Fetching, truth: PaymentTruth): Promise<PaymentTruth> {
  const { paymentIntentId, chargeId } = truth;
  if (!paymentIntentId && !chargeId) return truth;
  const amountRefunded = await fetching.stripe.sumSucceededRefunds(
    paymentIntentId ? { paymentIntentId } : { chargeId: chargeId ?? '' },
  );
  return { ...truth, amountRefunded };
}

async function withProductTiers(
  fetching: Fetching,
  subscription: FetchedSubscription,
): Promise<FetchedSubscription> {
  const items = await Promise.all(subscription.items.map((item) => withProductTier(fetching, item)));
  return { ...subscription, items };
}

async function withProductTier(fetching: Fetching, item: FetchedItem): Promise<FetchedItem> {
  if (mapPlan(fetching.settings, item) || !item.productId) return item;
  return { ...item, productTier: await fetching.stripe.getProductTier(item.productId) };
}
