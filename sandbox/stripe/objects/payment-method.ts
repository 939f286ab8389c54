import type { Metadata } from './metadata.ts';

const paymentMethodDefaults = {
  object: 'payment_method' as const,
  allow_redisplay: 'unspecified',
  billing_details: {
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    email: null,
    name: null,
    phone: null,
    tax_id: null,
  },
  card: {
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: 'visa',
    exp_month: 8,
    exp_year: 2030,
    fingerprint: 'AOB934RVNwzk6xtn',
    funding: 'credit',
    generated_from: null,
    last4: '4242',
    networks: { available: ['visa'], preferred: null },
    regulated_status: null,
    three_d_secure_usage: { supported: true },
    wallet: null,
  },
  customer_account: null,
  type: 'card',
};

/** https://docs.stripe.com/api/payment_methods/object */
export type PaymentMethod = typeof paymentMethodDefaults & {
  id: string;
  created: number;
  customer: string | null;
  livemode: boolean;
  metadata: Metadata;
};

export function buildPaymentMethod(
  known: Pick<PaymentMethod, 'id' | 'created' | 'customer' | 'livemode'>,
): PaymentMethod {
  return { ...structuredClone(paymentMethodDefaults), ...known, metadata: {} };
}
