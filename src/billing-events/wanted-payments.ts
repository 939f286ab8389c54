import { listPaymentAsks } from '#db/payment-asks.ts';
import { findPayment, findPaymentByAnyId } from '#db/payments.ts';
import { listEndedRefunds } from '#db/stripe-effects.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import { readWanted as readEffect } from '#src/stripe-effects/wanted-effect.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import { ruleOf } from './event-types.ts';
import type { Fetching } from './fetching.ts';
import { type EventHint, hintOf } from './read-event.ts';

/** The payments that events name: payment id -> the events that want it, and whether refunds must be asked for. */
export type Wanted = Map<string, { eventIds: string[]; asksRefunds: boolean; session: PaymentTruth | null }>;

/** Which payment an event of money is about. Several events about one payment want it once. */
export async function readWanted(
  fetching: Fetching,
  stripeCustomerId: string,
  event: StripeEventRow,
  wanted: Wanted,
): Promise<void> {
  const kind = ruleOf(event.type)?.kind;
  if (kind !== 'invoice' && kind !== 'session' && kind !== 'refund') return;
  const hint = hintOf(event);
  if (kind === 'invoice' && hint.objectId) return want(wanted, hint.objectId, event.id, false);
  if (kind === 'session' && hint.objectId)
    return wantSession(fetching, stripeCustomerId, hint.objectId, event, wanted);
  const paymentId = await paymentOfRefund(fetching, hint);
  if (paymentId) want(wanted, paymentId, event.id, true);
}

/** A paid latest invoice whose event never came is settled all the same. */
export async function wantLatestInvoices(
  fetching: Fetching,
  subscriptions: readonly FetchedSubscription[],
  wanted: Wanted,
): Promise<void> {
  for (const { latestInvoiceId, status, items } of subscriptions) {
    if (!latestInvoiceId || (status !== 'active' && status !== 'trialing')) continue;
    const local = await findPayment(fetching.database.knex, latestInvoiceId);
    // Paid but without credits, though a plan brings some: its price may have been mapped only now.
    const bringsCredits = items.some(
      (item) => (mapPlan(fetching.settings, item)?.credits_per_period ?? 0) > 0,
    );
    const isSettled = local?.status === 'paid' && (local.credits_granted > 0 || !bringsCredits);
    if (!isSettled) want(wanted, latestInvoiceId, null, false);
  }
}

/** Longer than any pass takes from asking Stripe to its commit: one that ended so much later has asked since. */
const PASS_MAX_MS = 10 * MINUTE_MS;

/** What Lucy herself refunded is settled all the same, when its webhook is lost. */
export async function wantRefundedByUs(
  fetching: Fetching,
  stripeCustomerId: string,
  wanted: Wanted,
): Promise<void> {
  const sql = fetching.database.knex;
  for (const effect of await listEndedRefunds(sql, stripeCustomerId, OWN_REFUNDS_MAX)) {
    const refund = readEffect(effect);
    if (refund.kind !== 'refund') continue;
    const { paymentIntentId, chargeId } = refund;
    const local = await findPaymentByAnyId(sql, paymentIntentId ?? chargeId);
    const isSettled = local && local.fetched_at > (effect.ended_at ?? 0) + PASS_MAX_MS;
    if (isSettled) continue;
    const paymentId = await paymentOfRefund(fetching, { paymentIntentId, chargeId, invoiceId: null });
    if (paymentId) want(wanted, paymentId, null, true);
  }
}

/**
 * The payment that a dispute or a fraud warning is about, with what was refunded of it. Returns its id: that of the
 * invoice, though another of its payments may be the one that is booked.
 */
export async function wantDisputed(
  fetching: Fetching,
  charge: { chargeId: string; paymentIntentId: string | null },
  eventIds: readonly string[],
  wanted: Wanted,
): Promise<string | null> {
  const paymentId = await paymentOfRefund(fetching, { ...charge, invoiceId: null });
  if (!paymentId) return null;
  if (eventIds.length === 0) want(wanted, paymentId, null, true);
  for (const id of eventIds) want(wanted, paymentId, id, true);
  return paymentId;
}

/** The newest ones; those before were settled long ago. */
const OWN_REFUNDS_MAX = 20;

/** What a reconciliation wants settled, though no event names it; once is enough. */
export async function wantAsked(
  fetching: Fetching,
  stripeCustomerId: string,
  asked: readonly AskedPayment[],
  wanted: Wanted,
): Promise<void> {
  const sql = fetching.database.knex;
  for (const ask of await listPaymentAsks(sql, stripeCustomerId, ASKS_MAX)) {
    const local = await findPayment(sql, ask.payment_id);
    if (local && local.fetched_at > ask.asked_at + PASS_MAX_MS) continue;
    await wantOne(fetching, stripeCustomerId, { id: ask.payment_id, sessionId: ask.session_id }, wanted);
  }
  for (const ask of asked) await wantOne(fetching, stripeCustomerId, ask, wanted);
}

/** The newest ones; those before were settled by an earlier pass. */
const ASKS_MAX = 50;

export type AskedPayment = { id: string; sessionId: string | null };

async function wantOne(
  fetching: Fetching,
  stripeCustomerId: string,
  { id, sessionId }: AskedPayment,
  wanted: Wanted,
): Promise<void> {
  if (sessionId === null) want(wanted, id, null, true);
  else await wantSession(fetching, stripeCustomerId, sessionId, null, wanted);
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
  event: StripeEventRow | null,
  wanted: Wanted,
): Promise<void> {
  const session = await fetching.stripe.getCheckoutSession(id);
  if (!session) return;
  if (session.invoiceId) return want(wanted, session.invoiceId, event?.id ?? null, false);
  if (session.mode !== 'payment' || session.paymentStatus !== 'paid') return;
  const paymentId = session.paymentIntentId ?? session.id;
  const local = await findPayment(fetching.database.knex, paymentId);
  want(wanted, paymentId, event?.id ?? null, (local?.amount_refunded ?? 0) > 0, {
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
    paidAt: event?.created_at ?? session.createdAt,
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
  hint: Pick<EventHint, 'paymentIntentId' | 'chargeId' | 'invoiceId'>,
): Promise<string | null> {
  for (const id of [hint.paymentIntentId, hint.chargeId, hint.invoiceId]) {
    const local = id ? await findPaymentByAnyId(fetching.database.knex, id) : undefined;
    if (local) return local.id;
  }
  const { stripe } = fetching;
  const charge = !hint.paymentIntentId && hint.chargeId ? await stripe.getCharge(hint.chargeId) : null;
  const intentId = hint.paymentIntentId ?? charge?.paymentIntentId ?? null;
  const named = hint.invoiceId ?? charge?.invoiceId ?? null;
  return named ?? (intentId ? ((await stripe.findInvoiceOfPaymentIntent(intentId)) ?? intentId) : null);
}
