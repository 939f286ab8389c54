import type { Metadata } from './metadata.ts';

export type PaymentError = {
  charge: string | null;
  code: string;
  decline_code: string | null;
  doc_url: string;
  message: string;
  type: 'card_error';
};

const paymentIntentDefaults = {
  object: 'payment_intent' as const,
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_details: { tip: {} },
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  customer_account: null,
  excluded_payment_method_types: null,
  managed_payments: { enabled: false },
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: 'off_session',
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
};

/** https://docs.stripe.com/api/payment_intents/object */
export type PaymentIntent = Omit<typeof paymentIntentDefaults, 'canceled_at'> & {
  id: string;
  amount: number;
  amount_received: number;
  canceled_at: number | null;
  cancellation_reason: string | null;
  client_secret: string;
  created: number;
  currency: string;
  customer: string | null;
  description: string;
  last_payment_error: PaymentError | null;
  latest_charge: string | null;
  livemode: boolean;
  metadata: Metadata;
  next_action: { type: string } | null;
  payment_method: string | null;
  status: 'canceled' | 'processing' | 'requires_action' | 'requires_payment_method' | 'succeeded';
};

export function buildPaymentIntent(
  known: Pick<
    PaymentIntent,
    'id' | 'amount' | 'created' | 'currency' | 'customer' | 'description' | 'livemode' | 'metadata'
  >,
): PaymentIntent {
  return {
    ...structuredClone(paymentIntentDefaults),
    ...known,
    amount_received: 0,
    cancellation_reason: null,
    client_secret: `${known.id}_secret_local`,
    last_payment_error: null,
    latest_charge: null,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
}
