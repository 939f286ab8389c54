import type { Invoice } from '../objects/invoice.ts';
import type { Subscription } from '../objects/subscription.ts';
import { draftInvoice, finalizeInvoice, markUncollectible, voidInvoice } from './bill.ts';
import { endAtPeriodEnd } from './cancel.ts';
import type { Core } from './core.ts';
import { failInvoice, payInvoice } from './dunning.ts';
import { type Period, periodFrom } from './intervals.ts';
import { periodLine } from './lines.ts';
import { requireRow } from './require.ts';
import { enterNextPhase } from './schedule.ts';

export type Renewal = {
  /** How the payment goes; `later` leaves the invoice a draft, as it is for about an hour. */
  payment?: 'declined' | 'later' | 'paid';
};

/**
 * The period ends: the next one starts, is invoiced and paid. A subscription that was to be cancelled then ends
 * instead (answers null). https://docs.stripe.com/billing/subscriptions/webhooks#subscription-lifecycle
 */
export function renew(core: Core, subscriptionId: string, options: Renewal = {}): Invoice | null {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  if (subscription.ended_at !== null) throw new Error(`Subscription '${subscription.id}' has ended.`);
  if (subscription.cancel_at_period_end) {
    endAtPeriodEnd(core, subscription);
    return null;
  }
  const invoice = startPeriod(core, subscription);
  if (subscription.pause_collection) settlePaused(core, subscription.pause_collection.behavior, invoice);
  else if (options.payment !== 'later') finishRenewal(core, invoice.id, options.payment ?? 'paid');
  return invoice;
}

/** The draft of a renewal is finalized and charged, about an hour after it was made. */
export function finishRenewal(core: Core, invoiceId: string, payment: 'declined' | 'paid'): void {
  const invoice = requireRow(core.tables.invoices, 'invoice', invoiceId);
  finalizeInvoice(core, invoice);
  if (invoice.status === 'paid' || invoice.collection_method === 'send_invoice') return;
  if (payment === 'paid') payInvoice(core, invoice.id);
  else failInvoice(core, invoice.id);
}

/** One event tells both the new period and the new latest invoice. */
function startPeriod(core: Core, subscription: Subscription): Invoice {
  return core.change('customer.subscription.updated', subscription, () => {
    const former = movePeriod(core, subscription);
    const waiting = core.tables.pendingLines.get(subscription.id) ?? [];
    core.tables.pendingLines.delete(subscription.id);
    const regular = subscription.items.data.map((item) =>
      periodLine(core, item, { start: item.current_period_start, end: item.current_period_end }),
    );
    return draftInvoice(core, {
      customer: subscription.customer,
      subscription,
      reason: 'subscription_cycle',
      lines: [...waiting, ...regular],
      period: former,
    });
  });
}

function movePeriod(core: Core, subscription: Subscription): Period {
  const first = subscription.items.data[0];
  if (!first) throw new Error(`Subscription '${subscription.id}' has no items.`);
  const former = { start: first.current_period_start, end: first.current_period_end };
  enterNextPhase(core, subscription, former.end);
  for (const item of subscription.items.data) {
    const recurring = item.price.recurring ?? { interval: 'month', interval_count: 1 };
    const period = periodFrom(item.current_period_end, recurring);
    item.current_period_start = period.start;
    item.current_period_end = period.end;
  }
  if (subscription.status === 'trialing') subscription.status = 'active';
  return former;
}

/** While collection is paused invoices go on: https://docs.stripe.com/billing/subscriptions/pause-payment */
function settlePaused(
  core: Core,
  behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void',
  invoice: Invoice,
): void {
  invoice.auto_advance = false;
  if (behavior === 'keep_as_draft') return;
  finalizeInvoice(core, invoice);
  if (behavior === 'void') voidInvoice(core, invoice.id);
  else markUncollectible(core, invoice.id);
}
