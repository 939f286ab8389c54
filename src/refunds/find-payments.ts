import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import type { FetchedCharge, StripeGateway } from '#src/gateways/stripe.ts';

/** What was named: one payment, or several of somebody. Failed attempts are no payments. */
export type FoundPayments = {
  charges: FetchedCharge[];
  /** Whose they are, in words: `sofia@firm.com`, `in_…`. */
  owner: string;
  /** The recent payments of a customer, rather than one that was named. */
  isOfCustomer: boolean;
  /** Whether there may be more, older ones. */
  isCut: boolean;
};

export const RECENT = 10;

/**
 * Finds the payment that somebody named: by charge, payment intent or invoice, or the recent ones of a customer.
 *
 * @throws UserError when there is none
 */
export async function findPayments(sql: Sql, stripe: StripeGateway, named: string): Promise<FoundPayments> {
  const id = named.trim();
  if (/^(ch|py)_/.test(id)) return only(id, await chargeOf(stripe, id));
  if (id.startsWith('pi_')) return only(id, await chargeOfIntent(stripe, id));
  if (id.startsWith('in_'))
    return { charges: await chargesOfInvoice(stripe, id), owner: id, isOfCustomer: false, isCut: false };
  if (/^(re|pyr)_/.test(id)) {
    const hint = 'Name the payment that it belongs to: its charge, payment intent or invoice.';
    throw new UserError('invalid', `${id} is a refund, not a payment.`, hint, { payment: hint });
  }
  return paymentsOfCustomer(sql, stripe, id);
}

function only(owner: string, charge: FetchedCharge): FoundPayments {
  return { charges: [charge], owner, isOfCustomer: false, isCut: false };
}

async function chargeOf(stripe: StripeGateway, id: string): Promise<FetchedCharge> {
  const charge = await stripe.getCharge(id);
  if (!charge) throw unknownPayment('charge', id);
  return charge;
}

/** Of several attempts the latest is the one that was paid, if any was. */
async function chargeOfIntent(stripe: StripeGateway, id: string): Promise<FetchedCharge> {
  const intent = await stripe.getPaymentIntent(id);
  if (!intent) throw unknownPayment('payment intent', id);
  if (intent.latestChargeId) return chargeOf(stripe, intent.latestChargeId);
  throw notPaid(`Nobody paid ${id} yet (${intent.status.replaceAll('_', ' ')})`);
}

async function chargesOfInvoice(stripe: StripeGateway, id: string): Promise<FetchedCharge[]> {
  const invoice = await stripe.getInvoice(id);
  if (!invoice) throw unknownPayment('invoice', id);
  const charges: FetchedCharge[] = [];
  const payments = await stripe.listPaymentsOfInvoice(id);
  for (const { chargeId, paymentIntentId } of payments) {
    if (chargeId) charges.push(await chargeOf(stripe, chargeId));
    else if (paymentIntentId) charges.push(await chargeOfIntent(stripe, paymentIntentId));
  }
  if (charges.length > 0) return charges;
  if (invoice.status !== 'paid') throw notPaid(`Nobody paid ${id} yet (${invoice.status})`);
  throw new UserError(
    'conflict',
    `Invoice ${id} was settled without a payment through Stripe, so there is nothing that Stripe could refund.`,
    'If it was paid outside of Stripe, send the money back the way it came.',
    { payment: 'No payment through Stripe settled this invoice.' },
  );
}

async function paymentsOfCustomer(sql: Sql, stripe: StripeGateway, named: string): Promise<FoundPayments> {
  const customer = await findCustomer(sql, named).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.hint, { payment: error.message });
  });
  const links = await listLinks(sql, customer.id);
  if (links.length === 0) {
    throw new UserError(
      'not_found',
      `${customer.email} has no Stripe customer, so there is no payment that Stripe could refund.`,
      `If there is one, say which: customer link ${customer.email} cus_… What was paid outside of Stripe goes back the way it came.`,
      { payment: 'This customer has no Stripe customer.' },
    );
  }
  const lists = await Promise.all(links.map((link) => stripe.listCharges(link.stripe_customer_id, RECENT)));
  const charges = lists
    .flat()
    .filter((charge) => charge.status !== 'failed')
    .sort((a, b) => b.createdAt - a.createdAt);
  if (charges.length === 0) {
    throw new UserError(
      'not_found',
      `${customer.email} paid nothing through Stripe.`,
      'If another Stripe customer paid, name the charge (ch_…), the payment intent (pi_…) or the invoice (in_…).',
      { payment: 'This customer paid nothing through Stripe.' },
    );
  }
  const isCut = charges.length > RECENT || lists.some((list) => list.length >= RECENT);
  return { charges: charges.slice(0, RECENT), owner: customer.email, isOfCustomer: true, isCut };
}

function unknownPayment(what: string, id: string): UserError {
  const message = `Stripe knows no ${what} ${id}.`;
  const hint = 'Check the id, and whether it is one of test or of live mode.';
  return new UserError('not_found', message, hint, { payment: message });
}

function notPaid(message: string): UserError {
  const hint = 'There is nothing to refund. To stop it from being paid, use Stripe’s dashboard.';
  return new UserError('conflict', `${message}.`, hint, { payment: `${message}.` });
}
