import { findPaidEvent } from '#db/stripe-events.ts';
import type { FetchedInvoice, FetchedSubscription } from '#src/gateways/stripe.ts';
import type { PaidLine, PaymentTruth } from '#src/payments/payment-truth.ts';
import { mapPack, mapPlan } from '#src/subscriptions/plan-map.ts';
import type { Fetching } from './fetching.ts';

/** What Stripe says of one payment now; null when it knows no such object. */
export async function fetchPayment(
  fetching: Fetching,
  id: string,
  stripeCustomerId: string,
  subscriptions: readonly FetchedSubscription[],
): Promise<PaymentTruth | null> {
  if (!id.startsWith('in_')) return fetchIntent(fetching, id, stripeCustomerId);
  const invoice = await fetching.stripe.getInvoice(id);
  return invoice && truthOfInvoice(fetching, invoice, stripeCustomerId, subscriptions);
}

/** Adds what was refunded for good. */
export async function withRefunds(fetching: Fetching, truth: PaymentTruth): Promise<PaymentTruth> {
  const { paymentIntentId, chargeId } = truth;
  if (!paymentIntentId && !chargeId) return truth;
  const payment = paymentIntentId ? { paymentIntentId } : { chargeId: chargeId ?? '' };
  return { ...truth, amountRefunded: await fetching.stripe.sumSucceededRefunds(payment) };
}

/** A payment intent that pays no invoice; what was bought with it, its checkout session says. */
async function fetchIntent(
  fetching: Fetching,
  id: string,
  stripeCustomerId: string,
): Promise<PaymentTruth | null> {
  const intent = await fetching.stripe.getPaymentIntent(id);
  if (!intent) return null;
  return {
    id,
    status: intent.status === 'succeeded' ? 'paid' : 'other',
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
  const isPaid = status === 'paid';
  const saidPaidAt = isPaid
    ? (invoice.paidAt ?? (await findPaidEvent(fetching.database.knex, invoice.id)))
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
    paidAt: isPaid ? (saidPaidAt ?? invoice.createdAt) : null,
    ...(invoice.nextAttemptAt === undefined ? {} : { nextAttemptAt: invoice.nextAttemptAt }),
    lines: isPaid
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
