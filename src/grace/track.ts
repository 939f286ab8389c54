import type { Sql } from '#db/connection.ts';
import { closeGrace, insertGraceIfNew, listGraces } from '#db/grace-periods.ts';
import { findFirstFailure } from '#db/stripe-events.ts';
import { findSubscription } from '#db/subscriptions.ts';
import { deleteTimer, putTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';

/** Playbook, failed payments 3: 24-72 h by policy; this when no mapped plan says otherwise. */
const GRACE_HOURS_UNMAPPED = 72;

/**
 * Opens a grace period for every past-due subscription, anchored once on the first failure of its invoice, sets the
 * timer of its deadline, and closes those that are over. Lucy's clock is her own: Stripe goes on retrying for weeks.
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
  for (const grace of known.filter((row) => row.state === 'open')) {
    // A customer may have several Stripe customers; this pass knows the subscriptions of one of them.
    if ((await findSubscription(sql, grace.subscription_id))?.stripe_customer_id !== stripeCustomerId)
      continue;
    const subscription = subscriptions.find((candidate) => candidate.id === grace.subscription_id);
    const isStillDue = subscription?.status === 'past_due' && invoiceOf(subscription) === grace.invoice_id;
    if (isStillDue) continue;
    const isGood = subscription?.status === 'active' || subscription?.status === 'trialing';
    await closeGrace(sql, grace.id, isGood ? 'recovered' : 'expired', cause.now);
    await deleteTimer(sql, 'grace_deadline', grace.id);
  }
  for (const subscription of subscriptions) {
    if (subscription.status === 'past_due') await openGrace(sql, cause, settings, customerId, subscription);
  }
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
  const isNew = await insertGraceIfNew(sql, {
    id,
    invoice_id: invoiceId,
    subscription_id: subscription.id,
    customer_id: customerId,
    started_at: startedAt,
    deadline_at: deadlineAt,
    state: isOpen ? 'open' : 'expired',
    closed_at: isOpen ? null : cause.now,
  });
  if (isNew && isOpen) {
    await putTimer(sql, {
      id: newId('tim', cause.now),
      kind: 'grace_deadline',
      subject: id,
      due_at: deadlineAt,
      attempts: 0,
      last_error: null,
    });
  }
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
