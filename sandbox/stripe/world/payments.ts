import { buildCharge, type Charge, type Decline } from '../objects/charge.ts';
import type { Invoice } from '../objects/invoice.ts';
import { buildInvoicePayment, type InvoicePayment } from '../objects/invoice-payment.ts';
import type { Metadata } from '../objects/metadata.ts';
import { buildPaymentIntent, type PaymentIntent } from '../objects/payment-intent.ts';
import type { Core } from './core.ts';

/** What the test card 4000 0000 0000 9995 answers: https://docs.stripe.com/testing#declined-payments */
export const insufficientFunds: Decline = {
  code: 'card_declined',
  declineCode: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
};

export type NewIntent = {
  amount: number;
  currency: string;
  customer: string | null;
  description: string;
  metadata?: Metadata;
};

export function createIntent(core: Core, input: NewIntent): PaymentIntent {
  const intent = buildPaymentIntent({
    id: core.newId('paymentIntent'),
    created: core.now(),
    livemode: core.livemode,
    ...input,
    metadata: input.metadata ?? {},
  });
  core.tables.paymentIntents.add(intent);
  core.emit('payment_intent.created', intent);
  return intent;
}

/** A finalized invoice gets the payment intent that will pay it, and the link between the two. */
export function openPayment(core: Core, invoice: Invoice): InvoicePayment {
  const intent = createIntent(core, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description:
      invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
  });
  const payment = buildInvoicePayment({
    id: core.newId('invoicePayment'),
    amount_requested: invoice.amount_due,
    created: core.now(),
    currency: invoice.currency,
    invoice: invoice.id,
    livemode: core.livemode,
    payment_intent: intent.id,
  });
  return core.tables.invoicePayments.add(payment);
}

/** The payment intent of an invoice; undefined when nothing was due. */
export function intentOf(core: Core, invoice: Invoice): PaymentIntent | undefined {
  const payment = core.tables.invoicePayments.of(invoice.id)[0];
  return payment && core.tables.paymentIntents.get(payment.payment.payment_intent);
}

/** Nothing will be collected for a voided invoice any more. */
export function cancelPayment(core: Core, invoice: Invoice): void {
  const payment = core.tables.invoicePayments.of(invoice.id)[0];
  const intent = intentOf(core, invoice);
  if (!payment || !intent) return;
  payment.status = 'canceled';
  payment.status_transitions.canceled_at = core.now();
  intent.status = 'canceled';
  intent.canceled_at = core.now();
  intent.cancellation_reason = 'void_invoice';
  core.emit('payment_intent.canceled', intent);
}

/** One attempt to charge the card: succeeds, or fails with the decline given. */
export function chargeIntent(core: Core, intent: PaymentIntent, decline: Decline | null = null): Charge {
  const customer = intent.customer === null ? undefined : core.tables.customers.get(intent.customer);
  const card = customer?.invoice_settings.default_payment_method ?? core.newId('paymentMethod');
  const charge = buildCharge({
    id: core.newId('charge'),
    amount: intent.amount,
    balance_transaction: core.newId('balanceTransaction'),
    created: core.now(),
    currency: intent.currency,
    customer: intent.customer,
    decline,
    description: intent.description,
    email: customer?.email ?? null,
    livemode: core.livemode,
    metadata: { ...intent.metadata },
    name: customer?.name ?? null,
    payment_intent: intent.id,
    payment_method: card,
  });
  core.tables.charges.add(charge);
  intent.latest_charge = charge.id;
  if (decline) return tellOfDecline(core, intent, charge, decline);
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  intent.payment_method = card;
  intent.last_payment_error = null;
  core.emit('charge.succeeded', charge);
  core.emit('payment_intent.succeeded', intent);
  return charge;
}

function tellOfDecline(core: Core, intent: PaymentIntent, charge: Charge, decline: Decline): Charge {
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.last_payment_error = {
    charge: charge.id,
    code: decline.code,
    decline_code: decline.declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
    message: decline.message,
    type: 'card_error',
  };
  core.emit('charge.failed', charge);
  core.emit('payment_intent.payment_failed', intent);
  return charge;
}
