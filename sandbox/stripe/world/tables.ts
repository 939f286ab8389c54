import type { PortalConfiguration, PortalSession } from '../objects/billing-portal.ts';
import type { Charge } from '../objects/charge.ts';
import type { CheckoutSession, SessionLine } from '../objects/checkout-session.ts';
import type { Customer } from '../objects/customer.ts';
import type { Dispute } from '../objects/dispute.ts';
import type { EarlyFraudWarning } from '../objects/early-fraud-warning.ts';
import type { StripeEvent } from '../objects/event.ts';
import type { StoredFile } from '../objects/file.ts';
import type { Invoice } from '../objects/invoice.ts';
import type { LineDraft } from '../objects/invoice-line.ts';
import type { InvoicePayment } from '../objects/invoice-payment.ts';
import type { PaymentIntent } from '../objects/payment-intent.ts';
import type { PaymentMethod } from '../objects/payment-method.ts';
import type { Price } from '../objects/price.ts';
import type { Product } from '../objects/product.ts';
import type { Refund } from '../objects/refund.ts';
import type { Subscription } from '../objects/subscription.ts';
import type { SubscriptionSchedule } from '../objects/subscription-schedule.ts';
import type { WebhookEndpoint } from '../objects/webhook-endpoint.ts';
import { createTable } from './table.ts';

/** Everything that this Stripe account holds. */
export type Tables = ReturnType<typeof createTables>;

export function createTables() {
  return {
    customers: createTable<Customer>(),
    /** Deleted customers stay findable, as a stub. */
    deletedCustomers: new Set<string>(),
    /** Customers whose card the bank declines at the moment. */
    decliningCustomers: new Set<string>(),
    /** While the bank takes its time, a refund that is asked for stays pending. */
    refunding: { isHeld: false },
    products: createTable<Product>(),
    prices: createTable<Price>((price) => price.product),
    paymentMethods: createTable<PaymentMethod>((method) => method.customer),
    subscriptions: createTable<Subscription>((subscription) => subscription.customer),
    schedules: createTable<SubscriptionSchedule>((schedule) => schedule.customer),
    invoices: createTable<Invoice>((invoice) => invoice.customer),
    /** Prorations that wait for the next invoice of their subscription. */
    pendingLines: new Map<string, LineDraft[]>(),
    invoicePayments: createTable<InvoicePayment>((payment) => payment.invoice),
    paymentIntents: createTable<PaymentIntent>((intent) => intent.customer),
    charges: createTable<Charge>((charge) => charge.customer),
    refunds: createTable<Refund>((refund) => refund.charge),
    disputes: createTable<Dispute>((dispute) => dispute.charge),
    fraudWarnings: createTable<EarlyFraudWarning>((warning) => warning.charge),
    checkoutSessions: createTable<CheckoutSession>((session) => session.customer),
    sessionLines: new Map<string, SessionLine[]>(),
    portalSessions: createTable<PortalSession>(),
    portalConfigurations: createTable<PortalConfiguration>(),
    files: createTable<StoredFile>(),
    /** What was uploaded, by the file's id. */
    fileContents: new Map<string, Uint8Array>(),
    events: createTable<StripeEvent>(),
    webhookEndpoints: createTable<WebhookEndpoint>(),
  };
}
