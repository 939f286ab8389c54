import type { Metadata } from './metadata.ts';
import type { Price } from './price.ts';

const sessionDefaults = {
  object: 'checkout.session' as const,
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  cancel_url: 'https://example.com/cancel',
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [] as string[],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  discounts: [] as string[],
  integration_identifier: null,
  invoice_creation: null,
  locale: null,
  managed_payments: { enabled: false },
  origin_context: null,
  payment_link: null,
  payment_method_collection: 'if_required',
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [] as string[],
  submit_type: null,
  success_url: 'https://example.com/success',
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  wallet_options: null,
};

/** https://docs.stripe.com/api/checkout/sessions/object. `line_items` is absent unless expanded. */
export type CheckoutSession = typeof sessionDefaults & {
  id: string;
  amount_subtotal: number;
  amount_total: number;
  client_reference_id: string | null;
  created: number;
  currency: string;
  customer: string | null;
  customer_creation: 'always' | 'if_required' | null;
  customer_details: {
    address: null;
    business_name: null;
    email: string | null;
    individual_name: null;
    name: string | null;
    phone: null;
    tax_exempt: string;
    tax_ids: string[];
  } | null;
  customer_email: string | null;
  expires_at: number;
  invoice: string | null;
  livemode: boolean;
  metadata: Metadata;
  mode: 'payment' | 'subscription';
  payment_intent: string | null;
  payment_status: 'no_payment_required' | 'paid' | 'unpaid';
  status: 'complete' | 'expired' | 'open';
  subscription: string | null;
  url: string | null;
};

/** https://docs.stripe.com/api/checkout/sessions/line_items */
export type SessionLine = {
  id: string;
  object: 'item';
  adjustable_quantity: null;
  amount_discount: number;
  amount_subtotal: number;
  amount_tax: number;
  amount_total: number;
  currency: string;
  description: string;
  metadata: Metadata;
  price: Price;
  quantity: number;
};

export function buildCheckoutSession(
  known: Pick<
    CheckoutSession,
    | 'id'
    | 'amount_total'
    | 'client_reference_id'
    | 'created'
    | 'currency'
    | 'customer'
    | 'customer_email'
    | 'livemode'
    | 'metadata'
    | 'mode'
  >,
): CheckoutSession {
  return {
    ...structuredClone(sessionDefaults),
    ...known,
    amount_subtotal: known.amount_total,
    customer_creation: known.mode === 'payment' ? 'if_required' : null,
    customer_details: null,
    expires_at: known.created + 86_400,
    invoice: null,
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
    subscription: null,
    url: `https://checkout.stripe.com/c/pay/${known.id}`,
  };
}
