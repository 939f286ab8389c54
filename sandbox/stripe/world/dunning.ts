import type { Decline } from '../objects/charge.ts';
import type { Invoice } from '../objects/invoice.ts';
import type { Subscription } from '../objects/subscription.ts';
import { voidInvoice } from './bill.ts';
import { endForNonPayment } from './cancel.ts';
import { collect, collectInVain } from './collect.ts';
import type { Core } from './core.ts';
import { requireRow } from './require.ts';

/** Stripe's next automatic try; the exact times are its own affair, three days is a usual distance. */
const retrySeconds = 3 * 86_400;

/** An open invoice is paid, be it at once or weeks late; its subscription is in good standing again. */
export function payInvoice(core: Core, invoiceId: string): Invoice {
  const invoice = requireRow(core.tables.invoices, 'invoice', invoiceId);
  collect(core, invoice);
  const subscription = subscriptionOf(core, invoice);
  if (subscription && ['incomplete', 'past_due', 'unpaid'].includes(subscription.status)) {
    core.change('customer.subscription.updated', subscription, () => {
      subscription.status = 'active';
    });
  }
  return invoice;
}

/** A try to collect fails: the subscription is past due, and Stripe tries again unless `last` is set. */
export function failInvoice(
  core: Core,
  invoiceId: string,
  options: { last?: boolean; decline?: Decline } = {},
): Invoice {
  const invoice = requireRow(core.tables.invoices, 'invoice', invoiceId);
  collectInVain(core, invoice, options.last ? null : core.now() + retrySeconds, options.decline);
  const subscription = subscriptionOf(core, invoice);
  if (subscription && ['active', 'trialing'].includes(subscription.status)) {
    core.change('customer.subscription.updated', subscription, () => {
      subscription.status = 'past_due';
    });
  }
  return invoice;
}

/**
 * The last automatic try fails, and the account's settings decide what becomes of the subscription.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export function giveUp(
  core: Core,
  subscriptionId: string,
  outcome: 'cancel' | 'leave_past_due' | 'unpaid',
): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  const invoice = openInvoiceOf(core, subscription);
  failInvoice(core, invoice.id, { last: true });
  if (outcome === 'cancel') endForNonPayment(core, subscription);
  if (outcome === 'unpaid') {
    core.change('customer.subscription.updated', subscription, () => {
      subscription.status = 'unpaid';
    });
  }
  return subscription;
}

/** A first payment that never came: after 23 hours the subscription expires and its invoice is void. */
export function expireIncomplete(core: Core, subscriptionId: string): Subscription {
  const subscription = requireRow(core.tables.subscriptions, 'subscription', subscriptionId);
  core.change('customer.subscription.updated', subscription, () => {
    subscription.status = 'incomplete_expired';
    subscription.ended_at = core.now();
  });
  voidInvoice(core, openInvoiceOf(core, subscription).id);
  return subscription;
}

/** The invoice that this subscription still owes. */
export function openInvoiceOf(core: Core, subscription: Subscription): Invoice {
  const invoice = core.tables.invoices
    .of(subscription.customer)
    .find((candidate) => candidate.status === 'open' && subscriptionOf(core, candidate) === subscription);
  if (!invoice) throw new Error(`Subscription '${subscription.id}' has no open invoice.`);
  return invoice;
}

function subscriptionOf(core: Core, invoice: Invoice): Subscription | undefined {
  const id = invoice.parent?.subscription_details.subscription;
  return id === undefined ? undefined : core.tables.subscriptions.get(id);
}
