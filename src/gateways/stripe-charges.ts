import type Stripe from 'stripe';
import type { StripeGateway } from './stripe.ts';
import { reference } from './stripe-fields.ts';
import { readCharge } from './stripe-read-charge.ts';

type Ask = <T>(call: () => Promise<T>) => Promise<T | null>;

/** The reads of StripeGateway that are about one payment: what was charged, and for which invoice. */
export function chargeReads(
  stripe: Stripe,
  ask: Ask,
): Pick<StripeGateway, 'getCharge' | 'listCharges' | 'listPaymentsOfInvoice'> {
  return {
    async getCharge(id) {
      const raw = await ask(() => stripe.charges.retrieve(id));
      return raw && readCharge(raw);
    },
    async listCharges(customer, limit) {
      const raw = await ask(() => stripe.charges.list({ customer, limit }));
      return (raw?.data ?? []).map(readCharge);
    },
    async listPaymentsOfInvoice(invoice) {
      const raw = await ask(() => stripe.invoicePayments.list({ invoice, status: 'paid', limit: 100 }));
      return (raw?.data ?? []).map(({ payment }) => ({
        paymentIntentId: reference.parse(payment.payment_intent),
        chargeId: reference.parse(payment.charge),
      }));
    },
  };
}
