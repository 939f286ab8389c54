import { z } from 'zod';
import type { FetchedInvoice, FetchedInvoiceLine } from './stripe.ts';
import { count, moment, price, reference, text } from './stripe-fields.ts';

const lineSchema = z.object({
  id: z.string(),
  amount: z.number(),
  quantity: count,
  period: z.object({ start: moment, end: moment }).nullish(),
  pricing: z.object({ price_details: z.object({ price, product: reference }).nullish() }).nullish(),
  parent: z
    .object({
      subscription_item_details: z
        .object({ subscription: reference, proration: z.boolean().nullish() })
        .nullish(),
      invoice_item_details: z.object({ subscription: reference, proration: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
  // Before 2025-03-31.basil.
  price: price.nullish(),
  subscription: reference,
  proration: z.boolean().nullish(),
});

/** docs.stripe.com/api/invoice-line-item, in the renderings before and after 2025-03-31. */
export function readInvoiceLine(raw: unknown): FetchedInvoiceLine {
  const value = lineSchema.parse(raw);
  const sold = value.pricing?.price_details?.price ?? value.price ?? null;
  const parent = value.parent?.subscription_item_details ?? value.parent?.invoice_item_details ?? null;
  return {
    id: value.id,
    priceId: sold?.priceId ?? null,
    lookupKey: sold?.lookupKey ?? null,
    productId: sold?.productId ?? value.pricing?.price_details?.product ?? null,
    quantity: value.quantity,
    amount: value.amount,
    isProration: parent?.proration ?? value.proration ?? false,
    subscriptionId: parent?.subscription ?? value.subscription,
    periodStart: value.period?.start ?? null,
    periodEnd: value.period?.end ?? null,
  };
}

const paymentSchema = z.object({
  status: text,
  is_default: z.boolean().nullish(),
  payment: z.object({ payment_intent: reference, charge: reference }).nullish(),
});

const invoiceSchema = z.object({
  id: z.string(),
  status: text,
  billing_reason: text,
  customer: reference,
  currency: text,
  amount_paid: z.number().nullish(),
  created: moment,
  attempt_count: z.number().nullish(),
  collection_method: text,
  next_payment_attempt: moment,
  status_transitions: z.object({ paid_at: moment }).nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
  payments: z.object({ data: z.array(paymentSchema) }).nullish(),
  lines: z.object({ data: z.array(z.unknown()) }).nullish(),
  // Before 2025-03-31.basil.
  subscription: reference,
  payment_intent: reference,
  charge: reference,
});

/** docs.stripe.com/api/invoices/object, in the renderings before and after 2025-03-31. */
export function readInvoice(raw: unknown): FetchedInvoice {
  const value = invoiceSchema.parse(raw);
  const payments = value.payments?.data ?? [];
  const payment = (
    payments.find((entry) => entry.status === 'paid') ??
    payments.find((entry) => entry.is_default) ??
    payments[0]
  )?.payment;
  const lines = (value.lines?.data ?? []).map(readInvoiceLine);
  return {
    id: value.id,
    status: value.status ?? 'draft',
    billingReason: value.billing_reason,
    stripeCustomerId: value.customer,
    subscriptionId:
      value.parent?.subscription_details?.subscription ??
      value.subscription ??
      lines.find((line) => line.subscriptionId)?.subscriptionId ??
      null,
    currency: value.currency,
    amountPaid: value.amount_paid ?? 0,
    createdAt: value.created ?? 0,
    paidAt: value.status_transitions?.paid_at ?? null,
    attemptCount: value.attempt_count ?? 0,
    ...nextAttempt(value),
    paymentIntentId: payment?.payment_intent ?? value.payment_intent,
    chargeId: payment?.charge ?? value.charge,
    lines,
  };
}

/** Only what Stripe collects by itself, and has tried to collect, can be out of tries. */
function nextAttempt(value: z.infer<typeof invoiceSchema>): { nextAttemptAt?: number | null } {
  const isTried = value.status === 'open' && (value.attempt_count ?? 0) > 0;
  return isTried && value.collection_method !== 'send_invoice'
    ? { nextAttemptAt: value.next_payment_attempt }
    : {};
}
