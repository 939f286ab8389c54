import type { PauseBehavior, Subscription } from '../objects/subscription.ts';
import type { Core } from './core.ts';
import { requireRow } from './require.ts';

/** Collection pauses; the status stays as it is: https://docs.stripe.com/billing/subscriptions/pause-payment */
export function pauseCollection(
  core: Core,
  subscriptionId: string,
  behavior: PauseBehavior = 'mark_uncollectible',
  resumesAt: number | null = null,
): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => {
    subscription.pause_collection = { behavior, resumes_at: resumesAt };
  });
  return subscription;
}

export function resumeCollection(core: Core, subscriptionId: string): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => {
    subscription.pause_collection = null;
  });
  return subscription;
}

/** The subscription itself pauses, for instance at the end of a trial without a card: `status` is `paused`. */
export function pauseSubscription(
  core: Core,
  subscriptionId: string,
  reason = 'trial_end_without_payment_method',
): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => {
    subscription.status = 'paused';
    subscription.status_details = {
      paused: { subscription: { type: reason }, transitioned_at: core.now(), type: 'subscription' },
    };
  });
  core.emit('customer.subscription.paused', subscription);
  return subscription;
}

export function resumeSubscription(core: Core, subscriptionId: string): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => {
    subscription.status = 'active';
    delete subscription.status_details;
  });
  core.emit('customer.subscription.resumed', subscription);
  return subscription;
}

/** Stripe's notice three days before a trial ends. */
export function trialWillEnd(core: Core, subscriptionId: string): void {
  core.emit(
    'customer.subscription.trial_will_end',
    requireRow(core.tables.subscriptions, 'subscription', subscriptionId),
  );
}
