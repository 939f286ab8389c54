import { planOf } from '../objects/price.ts';
import type { Subscription } from '../objects/subscription.ts';
import { buildPhase, buildSchedule, type SubscriptionSchedule } from '../objects/subscription-schedule.ts';
import { findPrice } from './catalogue.ts';
import type { Core } from './core.ts';
import { periodFrom } from './intervals.ts';
import { requireRow } from './require.ts';

/**
 * A change of plan at the end of the period, as the customer portal makes it: a schedule with the present phase
 * and the next. https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
export function scheduleChange(core: Core, subscriptionId: string, priceName: string): SubscriptionSchedule {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  const item = subscription.items.data[0];
  if (!item) throw new Error(`Subscription '${subscription.id}' has no items.`);
  const next = findPrice(core, priceName);
  if (!next.recurring) throw new Error(`Price '${priceName}' is one-off.`);
  const common = { currency: subscription.currency, proration_behavior: 'none' as const };
  const schedule = buildSchedule({
    id: core.newId('subscriptionSchedule'),
    created: core.now(),
    customer: subscription.customer,
    livemode: core.livemode,
    subscription: subscription.id,
    phases: [
      buildPhase({
        ...common,
        start_date: item.current_period_start,
        end_date: item.current_period_end,
        items: subscription.items.data.map(({ price, quantity }) => ({ price: price.id, quantity })),
      }),
      buildPhase({
        ...common,
        start_date: item.current_period_end,
        end_date: periodFrom(item.current_period_end, next.recurring).end,
        items: [{ price: next.id, quantity: item.quantity }],
      }),
    ],
  });
  core.tables.schedules.add(schedule);
  core.emit('subscription_schedule.created', schedule);
  core.change('customer.subscription.updated', subscription, () => {
    subscription.schedule = schedule.id;
  });
  return schedule;
}

/** The person changes her mind: the schedule lets the subscription go, which stays as it is. */
export function releaseSchedule(core: Core, subscriptionId: string): void {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => release(core, subscription));
}

/** At the end of a period a schedule puts its next phase in place, or lets the subscription go after its last. */
export function enterNextPhase(core: Core, subscription: Subscription, at: number): void {
  const schedule = core.tables.schedules.get(subscription.schedule ?? '');
  if (!schedule) return;
  const phase = schedule.phases.find((candidate) => candidate.start_date >= at);
  if (!phase) {
    release(core, subscription);
    return;
  }
  const item = subscription.items.data[0];
  const wanted = phase.items[0];
  if (item && wanted) {
    item.price = structuredClone(findPrice(core, wanted.price));
    item.plan = planOf(item.price);
    item.quantity = wanted.quantity;
  }
  core.change('subscription_schedule.updated', schedule, () => {
    schedule.current_phase = { end_date: phase.end_date, start_date: phase.start_date };
  });
}

/** A subscription that ends takes its schedule with it. */
export function cancelSchedule(core: Core, subscription: Subscription): void {
  const schedule = detach(core, subscription);
  if (!schedule) return;
  schedule.status = 'canceled';
  schedule.canceled_at = core.now();
  core.emit('subscription_schedule.canceled', schedule);
}

function release(core: Core, subscription: Subscription): void {
  const schedule = detach(core, subscription);
  if (!schedule) return;
  schedule.status = 'released';
  schedule.released_at = core.now();
  schedule.released_subscription = subscription.id;
  schedule.subscription = null;
  core.emit('subscription_schedule.released', schedule);
}

function detach(core: Core, subscription: Subscription): SubscriptionSchedule | undefined {
  const schedule = core.tables.schedules.get(subscription.schedule ?? '');
  subscription.schedule = null;
  if (schedule) schedule.current_phase = null;
  return schedule;
}
