import type { Invoice } from '../objects/invoice.ts';
import type { CreditedLine, LineDraft } from '../objects/invoice-line.ts';
import { type Price, planOf } from '../objects/price.ts';
import type { Subscription, SubscriptionItem } from '../objects/subscription.ts';
import { draftInvoice, finalizeInvoice } from './bill.ts';
import { findPrice } from './catalogue.ts';
import type { Core } from './core.ts';
import { failInvoice, payInvoice } from './dunning.ts';
import { periodFrom } from './intervals.ts';
import { periodLine, prorationLine } from './lines.ts';
import { requireRow } from './require.ts';

export type PlanChange = {
  quantity?: number;
  /** Invoice the difference now, leave it for the next invoice, or charge no difference at all. */
  proration?: 'always_invoice' | 'create_prorations' | 'none';
  payment?: 'declined' | 'paid';
  /** Which item changes; the first unless told. */
  item?: string;
};

/**
 * Changes the plan in the middle of a period. A change of interval starts a new period now and charges it whole.
 * https://docs.stripe.com/billing/subscriptions/prorations
 */
export function changePlan(
  core: Core,
  subscriptionId: string,
  priceName: string,
  options: PlanChange = {},
): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  const item = subscription.items.data.find((candidate) => !options.item || candidate.id === options.item);
  if (!item) throw new Error(`Subscription '${subscription.id}' has no such item.`);
  const price = findPrice(core, priceName);
  const invoice = core.change('customer.subscription.updated', subscription, () => {
    const cost = swap(core, subscription, item, price, options.quantity ?? item.quantity);
    return billChange(core, subscription, cost, options.proration ?? 'always_invoice');
  });
  if (invoice) settle(core, invoice, options.payment ?? 'paid');
  return subscription;
}

type Cost = { credit: LineDraft; charge: LineDraft; startsPeriod: boolean };

/** Puts the new price in place and answers with what the change costs. */
function swap(
  core: Core,
  subscription: Subscription,
  item: SubscriptionItem,
  price: Price,
  quantity: number,
): Cost {
  const old = { price: item.price, quantity: item.quantity };
  const rest = {
    share: shareLeft(item, core.now()),
    period: { start: core.now(), end: item.current_period_end },
  };
  const credited = lastPaidLine(core, subscription, item);
  const credit = prorationLine(core, item, { direction: 'credit', ...old, ...rest }, credited);
  item.price = structuredClone(price);
  item.plan = planOf(price);
  item.quantity = quantity;
  if (price.recurring && price.recurring.interval !== old.price.recurring?.interval) {
    const period = periodFrom(core.now(), price.recurring);
    item.current_period_start = period.start;
    item.current_period_end = period.end;
    subscription.billing_cycle_anchor = period.start;
    return { credit, charge: periodLine(core, item, period), startsPeriod: true };
  }
  const charge = prorationLine(core, item, { direction: 'charge', price, quantity, ...rest });
  return { credit, charge, startsPeriod: false };
}

/** Answers with the draft for what must be paid now, if anything. */
function billChange(
  core: Core,
  subscription: Subscription,
  { credit, charge, startsPeriod }: Cost,
  proration: NonNullable<PlanChange['proration']>,
): Invoice | null {
  if (proration === 'none' && !startsPeriod) return null;
  if (proration === 'create_prorations' && !startsPeriod) {
    const waiting = core.tables.pendingLines.get(subscription.id) ?? [];
    core.tables.pendingLines.set(subscription.id, [...waiting, credit, charge]);
    return null;
  }
  return draftInvoice(core, {
    customer: subscription.customer,
    subscription,
    reason: 'subscription_update',
    lines: proration === 'none' ? [charge] : [credit, charge],
    period: { start: core.now(), end: core.now() },
  });
}

/** When the card is declined the new plan stands, the invoice stays open and the subscription is past due. */
function settle(core: Core, invoice: Invoice, payment: 'declined' | 'paid'): void {
  finalizeInvoice(core, invoice);
  if (invoice.status === 'paid') return;
  if (payment === 'paid') payInvoice(core, invoice.id);
  else failInvoice(core, invoice.id);
}

function shareLeft(item: SubscriptionItem, now: number): number {
  const whole = item.current_period_end - item.current_period_start;
  const left = item.current_period_end - now;
  return Math.min(Math.max(left / whole, 0), 1);
}

function lastPaidLine(core: Core, subscription: Subscription, item: SubscriptionItem): CreditedLine | null {
  const invoice = core.tables.invoices
    .of(subscription.customer)
    .find(
      ({ parent, status }) =>
        status === 'paid' && parent?.subscription_details.subscription === subscription.id,
    );
  const line = invoice?.lines.data.find(
    (candidate) => candidate.parent.subscription_item_details?.subscription_item === item.id,
  );
  return invoice && line ? { invoice: invoice.id, line: line.id } : null;
}
