import type { Metadata } from './metadata.ts';

const noAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

const cardDetails = {
  card: {
    amount_authorized: null,
    authorization_code: null,
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    electronic_commerce_indicator: null,
    exp_month: 8,
    exp_year: 2030,
    fingerprint: 'AOB934RVNwzk6xtn',
    funding: 'credit',
    installments: null,
    last4: '4242',
    mandate: null,
    network: 'visa',
    network_transaction_id: null,
    regulated_status: null,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  },
  type: 'card',
};

const chargeDefaults = {
  object: 'charge' as const,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  calculated_statement_descriptor: null,
  failure_balance_transaction: null,
  fraud_details: {} as Record<string, string>,
  on_behalf_of: null,
  payment_method_details: cardDetails,
  receipt_email: null,
  receipt_number: null,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
};

/** https://docs.stripe.com/api/charges/object. `refunds` is absent unless expanded; there is no `invoice`. */
export type Charge = typeof chargeDefaults & {
  id: string;
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  billing_details: {
    address: typeof noAddress;
    email: string | null;
    name: string | null;
    phone: null;
    tax_id: null;
  };
  captured: boolean;
  created: number;
  currency: string;
  customer: string | null;
  description: string | null;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  livemode: boolean;
  metadata: Metadata;
  outcome: {
    advice_code: string | null;
    network_advice_code: string | null;
    network_decline_code: string | null;
    network_status: string;
    reason: string | null;
    risk_level: string;
    risk_score: number;
    seller_message: string;
    type: string;
  };
  paid: boolean;
  payment_intent: string | null;
  payment_method: string | null;
  receipt_url: string | null;
  refunded: boolean;
  status: 'failed' | 'pending' | 'succeeded';
};

export type Decline = { code: string; declineCode: string | null; message: string };

export function buildCharge(
  known: Pick<
    Charge,
    | 'id'
    | 'amount'
    | 'balance_transaction'
    | 'created'
    | 'currency'
    | 'customer'
    | 'description'
    | 'livemode'
    | 'metadata'
    | 'payment_intent'
    | 'payment_method'
  > & { email: string | null; name: string | null; decline: Decline | null },
): Charge {
  const { email, name, decline, ...given } = known;
  return {
    ...structuredClone(chargeDefaults),
    ...given,
    amount_captured: decline ? 0 : known.amount,
    amount_refunded: 0,
    balance_transaction: decline ? null : known.balance_transaction,
    billing_details: { address: { ...noAddress }, email, name, phone: null, tax_id: null },
    captured: decline === null,
    disputed: false,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    outcome: outcomeOf(decline),
    paid: decline === null,
    receipt_url: decline ? null : `https://pay.stripe.com/receipts/payment/${known.id}`,
    refunded: false,
    status: decline ? 'failed' : 'succeeded',
  };
}

function outcomeOf(decline: Decline | null): Charge['outcome'] {
  return {
    advice_code: decline ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: decline ? '51' : null,
    network_status: decline ? 'declined_by_network' : 'approved_by_network',
    reason: decline?.declineCode ?? null,
    risk_level: 'normal',
    risk_score: 12,
    seller_message: decline
      ? 'The bank returned the decline code `insufficient_funds`.'
      : 'Payment complete.',
    type: decline ? 'issuer_declined' : 'authorized',
  };
}
