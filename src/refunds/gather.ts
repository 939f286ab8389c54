import type { Sql } from '#db/connection.ts';
import { UserError } from '#src/core/errors.ts';
import type { FetchedCharge, StripeGateway } from '#src/gateways/stripe.ts';
import { StripeAway, StripeRefused } from '#src/gateways/stripe-errors.ts';
import { readAmount } from './amount.ts';
import { choosePayment } from './choose-payment.ts';
import { findPayments, RECENT } from './find-payments.ts';
import type { RefundFacts, RefundInput } from './refund-input.ts';

/**
 * Everything that a refund rests on at Stripe, fetched now and with no transaction open.
 *
 * @throws ChoiceNeeded when what was named fits several payments
 * @throws UserError when there is no such payment, or Stripe cannot say
 */
export async function gatherRefund(
  sql: Sql,
  stripe: StripeGateway | null,
  input: RefundInput,
): Promise<RefundFacts> {
  readAmount(input.amount);
  if (!stripe)
    throw new UserError(
      'unavailable',
      'A refund is looked up at Stripe first, and this terminal has no key for it; nothing was changed.',
      'Set STRIPE_SECRET_KEY to the key that Lucy’s service has, or ask for the refund in Slack.',
    );
  try {
    const found = await findPayments(sql, stripe, input.payment);
    return await factsOf(stripe, await choosePayment(stripe, input, found));
  } catch (error) {
    throw stripeTrouble(error);
  }
}

async function factsOf(stripe: StripeGateway, charge: FetchedCharge): Promise<RefundFacts> {
  const [refunds, disputes, bought, recent] = await Promise.all([
    stripe.listRefunds(charge.id),
    stripe.listDisputes(charge.id),
    boughtWith(stripe, charge),
    charge.stripeCustomerId ? stripe.listCharges(charge.stripeCustomerId, RECENT) : [],
  ]);
  return { charge, refunds, disputes, ...bought, others: recent.filter(({ id }) => id !== charge.id) };
}

/** The invoice that the charge paid, and the subscription that the invoice was for. */
async function boughtWith(
  stripe: StripeGateway,
  charge: FetchedCharge,
): Promise<Pick<RefundFacts, 'invoiceId' | 'subscription'>> {
  const { paymentIntentId } = charge;
  const invoiceId =
    charge.invoiceId ?? (paymentIntentId ? await stripe.findInvoiceOfPaymentIntent(paymentIntentId) : null);
  const invoice = invoiceId ? await stripe.getInvoice(invoiceId) : null;
  const subscriptionId = invoice?.subscriptionId;
  return { invoiceId, subscription: subscriptionId ? await stripe.getSubscription(subscriptionId) : null };
}

/** What a person is told when Stripe could not be asked; any other error as it is. */
export function stripeTrouble(error: unknown): unknown {
  if (error instanceof StripeAway)
    return new UserError(
      'unavailable',
      'Stripe does not answer right now, so nothing was changed.',
      'Try again in a minute. Whether Stripe has trouble says status.stripe.com.',
    );
  if (error instanceof StripeRefused)
    return new UserError(
      'unavailable',
      `Stripe does not let Lucy look this up (${error.message}), so nothing was changed.`,
      'Ask an admin to let the restricted key read charges, refunds, disputes, invoices and subscriptions.',
    );
  return error;
}
