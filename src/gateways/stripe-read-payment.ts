import { z } from 'zod';
import type { FetchedPaymentIntent, FetchedSession } from './stripe.ts';
import { count, moment, price, reference, text } from './stripe-fields.ts';

const intentSchema = z.object({
  id: z.string(),
  status: z.string(),
  customer: reference,
  amount_received: z.number().nullish(),
  currency: text,
  created: moment,
  latest_charge: reference,
});

/** docs.stripe.com/api/payment_intents/object */
export function readPaymentIntent(raw: unknown): FetchedPaymentIntent {
  const value = intentSchema.parse(raw);
  return {
    id: value.id,
    status: value.status,
    stripeCustomerId: value.customer,
    amountReceived: value.amount_received ?? 0,
    currency: value.currency,
    createdAt: value.created ?? 0,
    latestChargeId: value.latest_charge,
  };
}

const sessionSchema = z.object({
  id: z.string(),
  mode: text,
  payment_status: text,
  customer: reference,
  client_reference_id: text,
  payment_intent: reference,
  invoice: reference,
  currency: text,
  amount_total: z.number().nullish(),
  created: moment,
});

const sessionItemSchema = z.object({ price: price.nullish(), quantity: count });

/** docs.stripe.com/api/checkout/sessions/object and its line items. */
export function readCheckoutSession(raw: unknown, items: readonly unknown[]): FetchedSession {
  const value = sessionSchema.parse(raw);
  return {
    id: value.id,
    mode: value.mode ?? 'payment',
    paymentStatus: value.payment_status ?? 'unpaid',
    stripeCustomerId: value.customer,
    clientReferenceId: value.client_reference_id,
    paymentIntentId: value.payment_intent,
    invoiceId: value.invoice,
    currency: value.currency,
    amountTotal: value.amount_total ?? 0,
    createdAt: value.created ?? 0,
    lineItems: items.map((item) => {
      const { price: sold, quantity } = sessionItemSchema.parse(item);
      return {
        priceId: sold?.priceId ?? null,
        lookupKey: sold?.lookupKey ?? null,
        productId: sold?.productId ?? null,
        quantity,
      };
    }),
  };
}
