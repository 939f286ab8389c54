import type { Charge, Decline } from '../objects/charge.ts';
import type { Invoice } from '../objects/invoice.ts';
import { markPaid } from './bill.ts';
import type { Core } from './core.ts';
import { chargeIntent, insufficientFunds, intentOf } from './payments.ts';

/** Charges an open invoice with success. Does nothing for one that is settled already. */
export function collect(core: Core, invoice: Invoice): Charge | null {
  const intent = intentOf(core, invoice);
  if (!intent || invoice.status === 'paid') return null;
  const charge = chargeIntent(core, intent);
  const payment = core.tables.invoicePayments.of(invoice.id)[0];
  if (payment) {
    payment.amount_paid = charge.amount;
    payment.status = 'paid';
    payment.status_transitions.paid_at = core.now();
    core.emit('invoice_payment.paid', payment);
  }
  invoice.attempt_count += 1;
  markPaid(core, invoice, charge.amount);
  setDelinquent(core, invoice.customer, false);
  return charge;
}

/**
 * A try to charge an open invoice fails. Only automatic tries after the first count as retries, but
 * `attempt_count` starts at 1: https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count
 */
export function collectInVain(
  core: Core,
  invoice: Invoice,
  nextAttempt: number | null,
  decline: Decline = insufficientFunds,
): Charge | null {
  const intent = intentOf(core, invoice);
  if (!intent) return null;
  const charge = chargeIntent(core, intent, decline);
  core.change('invoice.updated', invoice, () => {
    invoice.attempted = true;
    invoice.attempt_count += 1;
    invoice.next_payment_attempt = nextAttempt;
  });
  core.emit('invoice.payment_failed', invoice);
  setDelinquent(core, invoice.customer, true);
  return charge;
}

/** The bank wants the customer to confirm (3-D Secure): https://docs.stripe.com/billing/subscriptions/overview */
export function requireAction(core: Core, invoice: Invoice): void {
  const intent = intentOf(core, invoice);
  if (!intent) return;
  intent.status = 'requires_action';
  intent.next_action = { type: 'use_stripe_sdk' };
  core.emit('payment_intent.requires_action', intent);
  core.change('invoice.updated', invoice, () => {
    invoice.attempted = true;
    invoice.attempt_count += 1;
  });
  core.emit('invoice.payment_action_required', invoice);
  core.emit('invoice.payment_failed', invoice);
}

function setDelinquent(core: Core, customerId: string, delinquent: boolean): void {
  const customer = core.tables.customers.get(customerId);
  if (!customer) return;
  core.change('customer.updated', customer, () => {
    customer.delinquent = delinquent;
  });
}
