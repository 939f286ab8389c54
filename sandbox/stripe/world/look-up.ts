import type { Charge } from '../objects/charge.ts';
import type { Customer } from '../objects/customer.ts';
import type { Invoice } from '../objects/invoice.ts';
import type { Subscription } from '../objects/subscription.ts';
import type { Core } from './core.ts';
import { openInvoiceOf } from './dunning.ts';
import { intentOf } from './payments.ts';
import { requireRow } from './require.ts';

/** What a scenario or a test asks about the account. The answers are the live objects: do not change them. */
export function lookUp(core: Core) {
  const { tables } = core;
  return {
    customer: (id: string): Customer => requireRow(tables.customers, 'customer', id),
    customerByEmail: (email: string): Customer | null =>
      tables.customers
        .newestFirst()
        .find((row) => row.email === email && !tables.deletedCustomers.has(row.id)) ?? null,
    subscription: (id: string): Subscription => requireRow(tables.subscriptions, 'subscription', id),
    invoice: (id: string): Invoice => requireRow(tables.invoices, 'invoice', id),
    /** Newest first, ended ones included. */
    subscriptionsOf: (customerId: string): Subscription[] => tables.subscriptions.of(customerId),
    /** The newest subscription that has not ended. */
    liveSubscriptionOf: (customerId: string): Subscription | null =>
      tables.subscriptions.of(customerId).find(({ ended_at }) => ended_at === null) ?? null,
    invoicesOf: (customerId: string): Invoice[] => tables.invoices.of(customerId),
    latestInvoiceOf: (subscription: Subscription): Invoice | null =>
      tables.invoices.get(subscription.latest_invoice ?? '') ?? null,
    openInvoiceOf: (subscription: Subscription): Invoice => openInvoiceOf(core, subscription),
    paymentIntentOf: (invoice: Invoice) => intentOf(core, invoice) ?? null,
    chargeOf: (invoice: Invoice): Charge | null =>
      tables.charges.get(intentOf(core, invoice)?.latest_charge ?? '') ?? null,
    /** The newest charge that went through. */
    lastPaidChargeOf: (customerId: string): Charge | null =>
      tables.charges.of(customerId).find(({ paid }) => paid) ?? null,
  };
}
