import type { InvoiceLine } from '../objects/invoice-line.ts';
import { planOf } from '../objects/price.ts';
import type { Core } from '../world/core.ts';

type Json = Record<string, unknown>;

/** Before basil an invoice named its subscription, its payment intent and its charge itself. */
export function oldInvoice(core: Core, object: Json): Json {
  const {
    amount_overpaid: _overpaid,
    customer_account: _account,
    parent: _parent,
    total_pretax_credit_amounts: _credits,
    total_taxes: _taxes,
    ...rest
  } = object;
  const stored = core.tables.invoices.get(String(object.id));
  const payment = core.tables.invoicePayments.of(String(object.id))[0];
  const intent = payment && core.tables.paymentIntents.get(payment.payment.payment_intent);
  const details = stored?.parent?.subscription_details;
  // The snapshot may be older than the payment: an open invoice was not paid by the charge that came later.
  const isPaid = object.status === 'paid';
  return {
    ...rest,
    charge: isPaid || object.attempted === true ? (intent?.latest_charge ?? null) : null,
    discount: null,
    lines: { ...listIn(object.lines), data: linesIn(object.lines).map((line) => oldLine(core, line)) },
    paid: isPaid,
    paid_out_of_band: false,
    payment_intent: object.status === 'draft' ? null : (intent?.id ?? null),
    quote: null,
    subscription: details?.subscription ?? null,
    subscription_details: { metadata: details?.metadata ?? null },
    tax: null,
    total_tax_amounts: [],
  };
}

function oldLine(core: Core, line: InvoiceLine): Json {
  const {
    parent,
    pretax_credit_amounts: _credits,
    pricing,
    quantity_decimal: _decimal,
    taxes: _taxes,
    ...rest
  } = line;
  const { subscription_item_details: item, invoice_item_details: manual } = parent;
  const price = pricing && core.tables.prices.get(pricing.price_details.price);
  const isRegular = item !== null && !item.proration;
  return {
    ...rest,
    invoice_item: item?.invoice_item ?? manual?.invoice_item ?? null,
    plan: price?.recurring ? planOf(price) : null,
    price: price ?? null,
    proration: item?.proration ?? false,
    proration_details: { credited_items: creditedIn(item?.proration_details.credited_items ?? null) },
    subscription_item: item?.subscription_item ?? null,
    tax_amounts: [],
    tax_rates: [],
    type: isRegular ? 'subscription' : 'invoiceitem',
    unit_amount_excluding_tax: pricing?.unit_amount_decimal ?? null,
  };
}

function creditedIn(items: { invoice: string; invoice_line_items: string[] } | null): Json | null {
  return items && { invoice: items.invoice, invoice_line_items: items.invoice_line_items };
}

function linesIn(lines: unknown): InvoiceLine[] {
  const { data } = listIn(lines);
  return Array.isArray(data) ? data : [];
}

function listIn(lines: unknown): Json {
  return typeof lines === 'object' && lines !== null ? { ...lines } : {};
}
