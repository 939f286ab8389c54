import type { Metadata } from '../objects/metadata.ts';
import {
  buildSubscription,
  buildSubscriptionItem,
  type Subscription,
  type SubscriptionStatus,
} from '../objects/subscription.ts';
import { draftInvoice, finalizeInvoice } from './bill.ts';
import { findPrice } from './catalogue.ts';
import { collect, collectInVain, requireAction } from './collect.ts';
import type { Core } from './core.ts';
import { periodFrom } from './intervals.ts';
import { periodLine } from './lines.ts';
import { requireRow } from './require.ts';

export type NewSubscription = {
  quantity?: number;
  trialDays?: number;
  /** How the first payment goes; `later` leaves the invoice open, for instance while a person pays in Checkout. */
  payNow?: 'declined' | 'later' | 'needs_action' | 'paid';
  metadata?: Metadata;
  /** Further items beside the plan, such as a seat add-on. They come first when `before` is set. */
  extraItems?: { price: string; quantity?: number; before?: boolean }[];
  collectionMethod?: 'charge_automatically' | 'send_invoice';
};

/**
 * A customer subscribes: subscription, first invoice, payment, and the events of all of these.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-lifecycle
 */
export function subscribe(
  core: Core,
  customerId: string,
  priceName: string,
  options: NewSubscription = {},
): Subscription {
  const customer = requireRow(core.tables.customers, 'customer', customerId);
  if (core.tables.deletedCustomers.has(customer.id))
    throw new Error(`Customer '${customer.id}' was deleted.`);
  const payNow = options.payNow ?? 'paid';
  const start = core.now();
  const trialEnd = options.trialDays ? start + options.trialDays * 86_400 : null;
  const subscription = buildSubscription({
    id: core.newId('subscription'),
    billing_cycle_anchor: trialEnd ?? start,
    collection_method: options.collectionMethod ?? 'charge_automatically',
    created: start,
    currency: findPrice(core, priceName).currency,
    customer: customer.id,
    default_payment_method: customer.invoice_settings.default_payment_method,
    livemode: core.livemode,
    metadata: options.metadata ?? {},
    status: firstStatus(options, payNow),
    trial_end: trialEnd,
    trial_start: trialEnd === null ? null : start,
  });
  addItems(core, subscription, priceName, options);
  core.tables.subscriptions.add(subscription);
  billFirstPeriod(core, subscription, payNow);
  return subscription;
}

function firstStatus(
  options: NewSubscription,
  payNow: NonNullable<NewSubscription['payNow']>,
): SubscriptionStatus {
  if (options.trialDays) return 'trialing';
  // An invoice that is sent does not hold the subscription up.
  if (options.collectionMethod === 'send_invoice') return 'active';
  return payNow === 'paid' ? 'active' : 'incomplete';
}

function addItems(core: Core, subscription: Subscription, priceName: string, options: NewSubscription): void {
  const extras = options.extraItems ?? [];
  const wanted = [
    ...extras.filter((extra) => extra.before),
    { price: priceName, quantity: options.quantity ?? 1 },
    ...extras.filter((extra) => !extra.before),
  ];
  for (const { price: name, quantity } of wanted) {
    const price = findPrice(core, name);
    if (!price.recurring)
      throw new Error(`Price '${name}' is one-off; a subscription needs a recurring one.`);
    const period = subscription.trial_end
      ? { start: subscription.start_date, end: subscription.trial_end }
      : periodFrom(subscription.start_date, price.recurring);
    subscription.items.data.push(
      buildSubscriptionItem({
        id: core.newId('subscriptionItem'),
        created: subscription.created,
        current_period_end: period.end,
        current_period_start: period.start,
        price,
        quantity: quantity ?? 1,
        subscription: subscription.id,
      }),
    );
  }
}

function billFirstPeriod(
  core: Core,
  subscription: Subscription,
  payNow: NonNullable<NewSubscription['payNow']>,
): void {
  const isTrial = subscription.status === 'trialing';
  const invoice = draftInvoice(core, {
    customer: subscription.customer,
    subscription,
    reason: 'subscription_create',
    lines: subscription.items.data.map((item) =>
      periodLine(core, item, { start: item.current_period_start, end: item.current_period_end }, isTrial),
    ),
    period: { start: subscription.start_date, end: subscription.start_date },
  });
  core.emit('customer.subscription.created', subscription);
  finalizeInvoice(core, invoice);
  if (invoice.status === 'paid' || subscription.collection_method === 'send_invoice') return;
  if (payNow === 'paid') collect(core, invoice);
  if (payNow === 'declined') collectInVain(core, invoice, null);
  if (payNow === 'needs_action') requireAction(core, invoice);
}
