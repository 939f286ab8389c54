import { listOf } from '../objects/list.ts';
import type { Core } from '../world/core.ts';

type Owner = Record<string, unknown>;
type Found = { id: string; object: string };

/** By id (`look`), or a property that is absent until asked for (`make`). */
export type Expansion =
  | { look(core: Core, id: string): Found | undefined }
  | { make(core: Core, owner: Owner): unknown };

const customer: Expansion = { look: (core, id) => core.tables.customers.get(id) };
const invoice: Expansion = { look: (core, id) => core.tables.invoices.get(id) };
const subscription: Expansion = { look: (core, id) => core.tables.subscriptions.get(id) };
const schedule: Expansion = { look: (core, id) => core.tables.schedules.get(id) };
const charge: Expansion = { look: (core, id) => core.tables.charges.get(id) };
const paymentIntent: Expansion = { look: (core, id) => core.tables.paymentIntents.get(id) };
const paymentMethod: Expansion = { look: (core, id) => core.tables.paymentMethods.get(id) };
const product: Expansion = { look: (core, id) => core.tables.products.get(id) };
const price: Expansion = { look: (core, id) => core.tables.prices.get(id) };

/**
 * What can be expanded, by object and by the path inside it. Everything else is “cannot be expanded”, above all
 * what moved away in 2025-03-31.basil: `invoice.payment_intent`, `invoice.subscription`, `charge.invoice`.
 * https://docs.stripe.com/api/expanding_objects
 */
export const expandable: Record<string, Record<string, Expansion>> = {
  'billing_portal.session': {},
  charge: {
    customer,
    payment_intent: paymentIntent,
    refunds: {
      make: (core, { id }) =>
        listOf(`/v1/charges/${id}/refunds`, firstTen(core.tables.refunds.of(String(id)))),
    },
  },
  'checkout.session': {
    customer,
    invoice,
    line_items: {
      make: (core, { id }) =>
        listOf(`/v1/checkout/sessions/${id}/line_items`, core.tables.sessionLines.get(String(id)) ?? []),
    },
    payment_intent: paymentIntent,
    subscription,
  },
  customer: {
    'invoice_settings.default_payment_method': paymentMethod,
    subscriptions: {
      make: (core, { id }) => {
        const open = core.tables.subscriptions.of(String(id)).filter(({ status }) => status !== 'canceled');
        return listOf(`/v1/customers/${id}/subscriptions`, firstTen(open), open.length > 10);
      },
    },
  },
  dispute: { charge, payment_intent: paymentIntent },
  invoice: {
    customer,
    'parent.subscription_details.subscription': subscription,
    payments: {
      make: (core, { id }) =>
        listOf(`/v1/invoice_payments?invoice=${id}`, core.tables.invoicePayments.of(String(id))),
    },
  },
  invoice_payment: { invoice, 'payment.charge': charge, 'payment.payment_intent': paymentIntent },
  line_item: { 'pricing.price_details.price': price, subscription },
  payment_intent: { customer, latest_charge: charge, payment_method: paymentMethod },
  payment_method: { customer },
  plan: { product },
  price: { product },
  product: { default_price: price },
  'radar.early_fraud_warning': { charge, payment_intent: paymentIntent },
  refund: { charge, payment_intent: paymentIntent },
  subscription: {
    customer,
    default_payment_method: paymentMethod,
    latest_invoice: invoice,
    schedule,
  },
  subscription_schedule: { customer, 'phases.items.price': price, subscription },
};

function firstTen<T>(rows: T[]): T[] {
  return rows.slice(0, 10);
}
