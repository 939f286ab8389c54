import { buildCheckoutSession, type CheckoutSession, type SessionLine } from '../objects/checkout-session.ts';
import type { Metadata } from '../objects/metadata.ts';
import type { Price } from '../objects/price.ts';
import { findPrice } from './catalogue.ts';
import type { Core } from './core.ts';
import { createCustomer } from './customers.ts';
import { payInvoice } from './dunning.ts';
import { chargeIntent, createIntent, insufficientFunds } from './payments.ts';
import { requireRow } from './require.ts';
import { subscribe } from './subscribe.ts';

export type NewCheckout = {
  price: string;
  quantity?: number;
  customer?: string;
  /** Makes a customer of it, as Checkout does, when no customer is given. */
  email?: string;
  clientReferenceId?: string | null;
  metadata?: Metadata;
  trialDays?: number;
  /** `async`: a bank debit that is on its way; `finishAsyncCheckout` decides it. `none`: nobody pays. */
  payment?: 'async' | 'none' | 'paid';
};

/**
 * Someone goes through Checkout: https://docs.stripe.com/payments/checkout/how-checkout-works. The mode follows
 * the price: a recurring one makes a subscription, a one-off one a payment.
 */
export function checkout(core: Core, input: NewCheckout): CheckoutSession {
  const price = findPrice(core, input.price);
  const quantity = input.quantity ?? 1;
  const mode = price.recurring ? ('subscription' as const) : ('payment' as const);
  const session = buildCheckoutSession({
    id: core.newId('checkoutSession'),
    amount_total: input.trialDays ? 0 : price.unit_amount * quantity,
    client_reference_id: input.clientReferenceId ?? null,
    created: core.now(),
    currency: price.currency,
    customer: input.customer ?? null,
    customer_email: input.customer === undefined ? (input.email ?? null) : null,
    livemode: core.livemode,
    metadata: input.metadata ?? {},
    mode,
  });
  core.tables.sessionLines.set(session.id, [lineOf(core, price, quantity)]);
  if (input.payment !== 'none') complete(core, session, input);
  core.tables.checkoutSessions.add(session);
  if (session.status === 'complete') core.emit('checkout.session.completed', session);
  return session;
}

function complete(core: Core, session: CheckoutSession, input: NewCheckout): void {
  session.customer ??= createCustomer(core, { email: input.email ?? null }).id;
  const customer = requireRow(core.tables.customers, 'customer', session.customer);
  session.customer_details = {
    address: null,
    business_name: null,
    email: customer.email,
    individual_name: null,
    name: customer.name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
  const isAsync = input.payment === 'async';
  if (session.mode === 'subscription') completeSubscription(core, session, input);
  else completePayment(core, session, isAsync);
  session.status = 'complete';
  session.url = null;
  session.payment_status = isAsync ? 'unpaid' : session.amount_total === 0 ? 'no_payment_required' : 'paid';
}

function completePayment(core: Core, session: CheckoutSession, isAsync: boolean): void {
  const intent = createIntent(core, {
    amount: session.amount_total,
    currency: session.currency,
    customer: session.customer,
    description: core.tables.sessionLines.get(session.id)?.[0]?.description ?? 'Checkout',
    metadata: { ...session.metadata },
  });
  session.payment_intent = intent.id;
  if (isAsync) intent.status = 'processing';
  else chargeIntent(core, intent);
}

/** While the person pays the subscription is incomplete; it becomes active with the first payment. */
function completeSubscription(core: Core, session: CheckoutSession, input: NewCheckout): void {
  const subscription = subscribe(core, session.customer ?? '', input.price, {
    payNow: 'later',
    quantity: input.quantity ?? 1,
    metadata: { ...session.metadata },
    ...(input.trialDays ? { trialDays: input.trialDays } : {}),
  });
  session.subscription = subscription.id;
  session.invoice = subscription.latest_invoice;
  if (session.invoice && input.payment !== 'async') payInvoice(core, session.invoice);
}

/** A bank debit arrives, or does not, days after Checkout was completed. */
export function finishAsyncCheckout(core: Core, sessionId: string, succeeds: boolean): CheckoutSession {
  const session = requireRow(core.tables.checkoutSessions, 'checkout session', sessionId);
  const intent = session.payment_intent && core.tables.paymentIntents.get(session.payment_intent);
  if (intent) chargeIntent(core, intent, succeeds ? null : insufficientFunds);
  if (succeeds && session.invoice) payInvoice(core, session.invoice);
  if (succeeds) session.payment_status = 'paid';
  core.emit(
    succeeds ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    session,
  );
  return session;
}

/** Nobody paid within a day. */
export function expireCheckout(core: Core, sessionId: string): CheckoutSession {
  const session = requireRow(core.tables.checkoutSessions, 'checkout session', sessionId);
  session.status = 'expired';
  session.url = null;
  core.emit('checkout.session.expired', session);
  return session;
}

function lineOf(core: Core, price: Price, quantity: number): SessionLine {
  const amount = price.unit_amount * quantity;
  return {
    id: core.newId('sessionLine'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: core.tables.products.get(price.product)?.name ?? price.id,
    metadata: {},
    price: structuredClone(price),
    quantity,
  };
}
