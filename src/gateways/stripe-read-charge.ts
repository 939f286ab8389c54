import { z } from 'zod';
import type { FetchedCharge } from './stripe.ts';
import { moment, reference, text } from './stripe-fields.ts';

const amount = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

const chargeSchema = z.object({
  id: z.string(),
  status: text,
  customer: reference,
  payment_intent: reference,
  invoice: reference,
  currency: text,
  amount,
  amount_captured: z.number().nullish(),
  amount_refunded: amount,
  captured: z.boolean().nullish(),
  disputed: z.boolean().nullish(),
  created: moment,
  description: text,
  payment_method_details: z
    .object({ type: text, card: z.object({ brand: text, last4: text }).nullish() })
    .nullish(),
});

/** docs.stripe.com/api/charges/object; `invoice` only before 2025-03-31. */
export function readCharge(raw: unknown): FetchedCharge {
  const value = chargeSchema.parse(raw);
  const isCaptured = value.captured ?? true;
  return {
    id: value.id,
    status: value.status ?? 'succeeded',
    stripeCustomerId: value.customer,
    paymentIntentId: value.payment_intent,
    invoiceId: value.invoice,
    currency: value.currency ?? 'usd',
    amount: value.amount,
    // Versions before 2019-12-03 know only whether it was captured at all.
    amountCaptured: value.amount_captured ?? (isCaptured ? value.amount : 0),
    amountRefunded: value.amount_refunded,
    isCaptured,
    isDisputed: value.disputed ?? false,
    createdAt: value.created ?? 0,
    description: value.description,
    paidWith: paidWith(value.payment_method_details ?? null),
  };
}

/** `Visa ending in 4242`, `sepa debit`. */
function paidWith(details: z.infer<typeof chargeSchema>['payment_method_details'] | null): string | null {
  const { type = null, card } = details ?? {};
  if (!card?.brand || !card.last4) return type?.replaceAll('_', ' ') ?? null;
  const brand = card.brand.replaceAll('_', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return `${brand} ending in ${card.last4}`;
}
