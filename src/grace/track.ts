import type { Sql } from '#db/connection.ts';
import { closeGrace, type GracePeriodRow, insertGraceIfNew, listGraces } from '#db/grace-periods.ts';
import { findPayment } from '#db/payments.ts';
import { findFirstFailure } from '#db/stripe-events.ts';
import { findSubscription } from '#db/subscriptions.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import { queueMail } from '#src/mails/queue.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import { dropGraceTimers, setGraceTimers } from './timers.ts';

/** Playbook, failed payments 3: 24-72 h by policy; this when no mapped plan says otherwise. */
const GRACE_HOURS_UNMAPPED = 72;

/**
 * Opens one grace period for every past-due spell of a subscription, anchored once on the first failure of its invoice,
 * sets the timer of its deadline, and closes those that are over. A spell ends when the subscription is good again or
 * its invoice is paid: another unpaid renewal in the same spell brings no second grace. Lucy's clock is her own:
 * Stripe goes on retrying for weeks.
 */
export async function trackGrace(
  sql: Sql,
  cause: Cause,
  settings: Settings,
  whose: { customerId: string; stripeCustomerId: string },
  subscriptions: readonly FetchedSubscription[],
): Promise<void> {
  const { customerId, stripeCustomerId } = whose;
  const known = await listGraces(sql, customerId);
  for (const grace of known.filter((row) => row.state === 'open' || row.state === 'expired')) {
    // A customer may have several Stripe customers; this pass knows the subscriptions of one of them.
    if ((await findSubscription(sql, grace.subscription_id))?.stripe_customer_id !== stripeCustomerId)
      continue;
    const subscription = subscriptions.find((candidate) => candidate.id === grace.subscription_id);
    const isGood = subscription?.status === 'active' || subscription?.status === 'trialing';
    const isPaid = (await findPayment(sql, grace.invoice_id))?.status === 'paid';
    if (subscription?.status === 'past_due' && !isPaid) continue;
    const isRecovered = isGood || isPaid;
    await closeGrace(sql, grace, isRecovered ? 'recovered' : 'expired', cause.now);
    await dropGraceTimers(sql, grace.id);
    if (isRecovered) await queueMail(sql, cause, grace, 'recovered');
    // Stripe gave up, and access ends before our deadline. Who cancels knows that it ends.
    else if (subscription?.status === 'unpaid') await queueMail(sql, cause, grace, 'expired');
  }
  for (const subscription of subscriptions) {
    if (subscription.status !== 'past_due' || (await isInSpell(sql, customerId, subscription.id))) continue;
    await openGrace(sql, cause, settings, customerId, subscription);
  }
}

/** This spell had its grace, whether it is over or not. */
async function isInSpell(sql: Sql, customerId: string, subscriptionId: string): Promise<boolean> {
  const graces = await listGraces(sql, customerId);
  return graces.some(
    ({ subscription_id, state }) =>
      subscription_id === subscriptionId && (state === 'open' || state === 'expired'),
  );
}

async function openGrace(
  sql: Sql,
  cause: Cause,
  settings: Settings,
  customerId: string,
  subscription: FetchedSubscription,
): Promise<void> {
  const invoiceId = invoiceOf(subscription);
  const id = newId('gra', cause.now);
  const startedAt = Math.min((await findFirstFailure(sql, invoiceId)) ?? cause.now, cause.now);
  const deadlineAt = startedAt + graceHours(settings, subscription) * HOUR_MS;
  const isOpen = deadlineAt > cause.now;
  const grace: GracePeriodRow = {
    id,
    invoice_id: invoiceId,
    subscription_id: subscription.id,
    customer_id: customerId,
    started_at: startedAt,
    first_deadline_at: deadlineAt,
    deadline_at: deadlineAt,
    state: isOpen ? 'open' : 'expired',
    closed_at: isOpen ? null : cause.now,
  };
  const isNew = await insertGraceIfNew(sql, grace);
  if (!isNew) return;
  if (isOpen) await setGraceTimers(sql, cause.now, grace);
  // What failed long ago, before Lucy heard of it, is no news to anybody.
  if (isOpen || cause.now - startedAt < DAY_MS)
    await queueMail(sql, cause, grace, isOpen ? 'start' : 'expired');
}

/** A past-due subscription without a known invoice is anchored on itself and its period. */
function invoiceOf(subscription: FetchedSubscription): string {
  return subscription.latestInvoiceId ?? `${subscription.id}:${subscription.items[0]?.periodEnd ?? 0}`;
}

function graceHours(settings: Settings, subscription: FetchedSubscription): number {
  const mapped = subscription.items
    .map((item) => mapPlan(settings, item)?.grace_hours)
    .filter((hours) => hours !== undefined);
  return mapped.length > 0 ? Math.max(...mapped) : GRACE_HOURS_UNMAPPED;
}
