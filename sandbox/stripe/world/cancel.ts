import type { CancellationDetails, Subscription } from '../objects/subscription.ts';
import type { Core } from './core.ts';
import { requireRow } from './require.ts';
import { cancelSchedule } from './schedule.ts';

export type CancelWords = {
  comment?: string | null;
  feedback?: string | null;
  feedbackOption?: string | null;
};

/** Ends a subscription at once: https://docs.stripe.com/api/subscriptions/cancel. It can never come back. */
export function cancelNow(core: Core, subscriptionId: string, words: CancelWords = {}): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  return end(core, subscription, 'cancellation_requested', words);
}

/** The period of a subscription that was to be cancelled then is over. */
export function endAtPeriodEnd(core: Core, subscription: Subscription): Subscription {
  return end(core, subscription, 'cancellation_requested', {});
}

/** Stripe gives up after its last try to collect, and the account's settings say “cancel”. */
export function endForNonPayment(core: Core, subscription: Subscription): Subscription {
  return end(core, subscription, 'payment_failed', {});
}

function end(core: Core, subscription: Subscription, reason: string, words: CancelWords): Subscription {
  if (subscription.ended_at !== null) throw new Error(`Subscription '${subscription.id}' has ended already.`);
  subscription.status = 'canceled';
  subscription.canceled_at ??= core.now();
  subscription.ended_at = core.now();
  subscription.cancel_at = null;
  cancelSchedule(core, subscription);
  subscription.cancellation_details.reason ??= reason;
  say(subscription.cancellation_details, words);
  core.emit('customer.subscription.deleted', subscription);
  return subscription;
}

/** The customer stays until the paid period is over; `undo` takes it back. */
export function cancelAtPeriodEnd(core: Core, subscriptionId: string, words: CancelWords = {}): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => {
    setCancelAtPeriodEnd(core, subscription, true);
    say(subscription.cancellation_details, words);
  });
  return subscription;
}

export function undoCancel(core: Core, subscriptionId: string): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () =>
    setCancelAtPeriodEnd(core, subscription, false),
  );
  return subscription;
}

export function setCancelAtPeriodEnd(core: Core, subscription: Subscription, wanted: boolean): void {
  if (subscription.cancel_at_period_end === wanted) return;
  subscription.cancel_at_period_end = wanted;
  subscription.cancel_at = wanted ? (subscription.items.data[0]?.current_period_end ?? null) : null;
  subscription.canceled_at = wanted ? core.now() : null;
  subscription.cancellation_details.reason = wanted ? 'cancellation_requested' : null;
}

function say(details: CancellationDetails, words: CancelWords): void {
  if (words.comment !== undefined) details.comment = words.comment;
  if (words.feedback !== undefined) details.feedback = words.feedback;
  if (words.feedbackOption !== undefined) details.feedback_option = words.feedbackOption;
}
