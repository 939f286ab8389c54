import type { Sql } from '#db/connection.ts';
import { findLink, listLinks } from '#db/customer-links.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { OwedInvoice, PaymentAttempt } from '#src/gateways/stripe-owed.ts';

/** One payment as Stripe has it now: an invoice with its payment intent, or an intent that pays none. */
export type FoundPayment = {
  /** Null: the payment is nobody's that we know. */
  customer: CustomerRow | null;
  stripeCustomerId: string | null;
  invoice: OwedInvoice | null;
  attempt: PaymentAttempt | null;
};

/** The payment that a person named, or the latest invoice of the customer whom they named. */
export async function findPayment(sql: Sql, stripe: StripeGateway, named: string): Promise<FoundPayment> {
  const text = named.trim();
  const prefix = /^(in|pi|ch|py)_[A-Za-z0-9_]+$/.exec(text)?.[1];
  if (prefix === undefined) return findLatest(sql, stripe, text);
  const intentId = prefix === 'pi' ? text : prefix === 'in' ? null : await intentOfCharge(stripe, text);
  const invoiceId =
    prefix === 'in' ? text : intentId === null ? null : await stripe.findInvoiceOfPaymentIntent(intentId);
  const invoice = invoiceId === null ? null : await stripe.getOwedInvoice(invoiceId);
  const found = await withAttempt(stripe, invoice, intentId ?? invoice?.paymentIntentId ?? null);
  if (!found.invoice && !found.attempt) {
    throw new UserError(
      'not_found',
      `Stripe knows no payment ${text}.`,
      'Check the id, and whether it belongs to this Stripe account and mode.',
      { email: 'Stripe knows no such payment.' },
    );
  }
  const link = found.stripeCustomerId ? await findLink(sql, found.stripeCustomerId) : undefined;
  const customer = link ? ((await findCustomerById(sql, link.customer_id)) ?? null) : null;
  return { customer, ...found };
}

async function findLatest(sql: Sql, stripe: StripeGateway, named: string): Promise<FoundPayment> {
  const customer = await findCustomer(sql, named);
  const links = (await listLinks(sql, customer.id)).filter(({ status }) => status !== 'deleted_at_stripe');
  const newest = await Promise.all(links.map((link) => stripe.listInvoices(link.stripe_customer_id, 1)));
  const [invoice] = newest.flat().sort((a, b) => b.createdAt - a.createdAt);
  if (!invoice) {
    throw new UserError(
      'not_found',
      links.length > 0
        ? `${customer.email} has no invoice at Stripe yet.`
        : `${customer.email} is linked to no Stripe customer, so there is no payment to look at.`,
      links.length > 0
        ? 'A payment without an invoice is found by its id: payment show pi_…'
        : `To link one: customer link ${customer.email} cus_…`,
    );
  }
  return { customer, ...(await withAttempt(stripe, invoice, invoice.paymentIntentId)) };
}

async function withAttempt(
  stripe: StripeGateway,
  invoice: OwedInvoice | null,
  intentId: string | null,
): Promise<Omit<FoundPayment, 'customer'>> {
  const attempt = intentId === null ? null : await stripe.getAttempt(intentId);
  return {
    stripeCustomerId: invoice?.stripeCustomerId ?? attempt?.stripeCustomerId ?? null,
    invoice,
    attempt,
  };
}

async function intentOfCharge(stripe: StripeGateway, chargeId: string): Promise<string | null> {
  return (await stripe.getCharge(chargeId))?.paymentIntentId ?? null;
}
