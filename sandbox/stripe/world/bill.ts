import { accountId } from '../objects/account.ts';
import { type BillingReason, buildInvoice, type Invoice } from '../objects/invoice.ts';
import { buildInvoiceLine, type LineDraft } from '../objects/invoice-line.ts';
import type { Subscription } from '../objects/subscription.ts';
import type { Core } from './core.ts';
import type { Period } from './intervals.ts';
import { cancelPayment, openPayment } from './payments.ts';
import { requireRow } from './require.ts';

export type Bill = {
  customer: string;
  subscription: Subscription | null;
  reason: BillingReason;
  lines: LineDraft[];
  /** For a renewal the period that just ended, not the one that is paid for. */
  period: Period;
};

/** Makes a draft invoice: https://docs.stripe.com/invoicing/integration/workflow-transitions */
export function draftInvoice(core: Core, bill: Bill): Invoice {
  const customer = requireRow(core.tables.customers, 'customer', bill.customer);
  const { subscription } = bill;
  const invoice = buildInvoice({
    id: core.newId('invoice'),
    billing_reason: bill.reason,
    collection_method: subscription?.collection_method ?? 'charge_automatically',
    created: core.now(),
    currency: bill.lines[0]?.currency ?? 'usd',
    customer: customer.id,
    customer_email: customer.email,
    customer_name: customer.name,
    livemode: core.livemode,
    parent: subscription && {
      quote_details: null,
      subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
      type: 'subscription_details',
    },
    period_end: bill.period.end,
    period_start: bill.period.start,
  });
  addLines(core, invoice, bill);
  core.tables.invoices.add(invoice);
  if (subscription) subscription.latest_invoice = invoice.id;
  core.emit('invoice.created', invoice);
  return invoice;
}

function addLines(core: Core, invoice: Invoice, bill: Bill): void {
  for (const line of bill.lines) {
    const place = {
      id: core.newId('invoiceLine'),
      invoice: invoice.id,
      invoiceItem: core.newId('invoiceItem'),
      livemode: core.livemode,
      metadata: bill.subscription?.metadata ?? {},
    };
    invoice.lines.data.push(buildInvoiceLine(line, place));
  }
  const total = bill.lines.reduce((sum, line) => sum + line.amount, 0);
  invoice.subtotal = total;
  invoice.subtotal_excluding_tax = total;
  invoice.total = total;
  invoice.total_excluding_tax = total;
  invoice.amount_due = Math.max(total, 0);
  invoice.amount_remaining = invoice.amount_due;
}

/** Finalizes a draft. What the customer's balance covers is not due; what a credit leaves goes to the balance. */
export function finalizeInvoice(core: Core, invoice: Invoice): void {
  const customer = requireRow(core.tables.customers, 'customer', invoice.customer);
  const afterBalance = invoice.total + customer.balance;
  invoice.starting_balance = customer.balance;
  invoice.ending_balance = Math.min(afterBalance, 0);
  invoice.amount_due = Math.max(afterBalance, 0);
  invoice.amount_remaining = invoice.amount_due;
  if (invoice.ending_balance !== customer.balance) {
    const { ending_balance } = invoice;
    core.change('customer.updated', customer, () => {
      customer.balance = ending_balance;
    });
  }
  const secret = `test_${invoice.id.slice(-8)}`;
  invoice.status = 'open';
  invoice.number = `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`;
  customer.next_invoice_sequence += 1;
  invoice.effective_at = core.now();
  invoice.status_transitions.finalized_at = core.now();
  invoice.hosted_invoice_url = `https://invoice.stripe.com/i/${accountId}/${secret}?s=ap`;
  invoice.invoice_pdf = `https://pay.stripe.com/invoice/${accountId}/${secret}/pdf?s=ap`;
  if (invoice.collection_method === 'send_invoice') invoice.due_date = core.now() + 30 * 86_400;
  core.emit('invoice.finalized', invoice);
  if (invoice.amount_due > 0) openPayment(core, invoice);
  else markPaid(core, invoice, 0);
}

/** The invoice is settled; Stripe tells it four times over, all in the same second. */
export function markPaid(core: Core, invoice: Invoice, amount: number): void {
  core.change('invoice.updated', invoice, () => {
    invoice.status = 'paid';
    invoice.amount_paid = amount;
    invoice.amount_remaining = 0;
    invoice.attempted = true;
    invoice.auto_advance = false;
    invoice.next_payment_attempt = null;
    invoice.status_transitions.paid_at = core.now();
  });
  core.emit('invoice.paid', invoice);
  core.emit('invoice.payment_succeeded', invoice);
}

/** Voids an open invoice: nobody will pay it any more, and it stays as a record. */
export function voidInvoice(core: Core, invoiceId: string): Invoice {
  const invoice = requireRow(core.tables.invoices, 'invoice', invoiceId);
  invoice.status = 'void';
  invoice.auto_advance = false;
  invoice.next_payment_attempt = null;
  invoice.status_transitions.voided_at = core.now();
  core.emit('invoice.voided', invoice);
  cancelPayment(core, invoice);
  return invoice;
}

export function markUncollectible(core: Core, invoiceId: string): Invoice {
  const invoice = requireRow(core.tables.invoices, 'invoice', invoiceId);
  invoice.status = 'uncollectible';
  invoice.status_transitions.marked_uncollectible_at = core.now();
  core.emit('invoice.marked_uncollectible', invoice);
  return invoice;
}
