import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { findEntitlement } from '#db/entitlements.ts';
import { findGrace, type GracePeriodRow } from '#db/grace-periods.ts';
import type { MailStage } from '#db/mails.ts';
import { findSubscription } from '#db/subscriptions.ts';
import { formatMoney } from '#src/core/money.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { OwedInvoice } from '#src/gateways/stripe-owed.ts';
import { explainDecline } from '#src/payments/decline-codes.ts';

/** Everything that a mail says, as it is when the mail is sent. */
export type MailFacts = {
  stage: MailStage;
  to: string;
  /** Of the open invoice; null while nobody knows it. */
  amount: string | null;
  invoiceNumber: string | null;
  /** Why the last try failed, as far as the customer may know; null when nothing more can be said. */
  why: string | null;
  /** What the customer can do; a sentence without its capital. */
  ask: string | null;
  /** Stripe's next try; `none` when there is none any more; null when nobody knows. */
  nextTry: { at: number } | 'none' | null;
  deadlineAt: number;
  tier: string;
  lowestTier: string;
  portalUrl: string | null;
  payUrl: string | null;
};

export type MailSubject = {
  grace: GracePeriodRow;
  email: string;
  stripeCustomerId: string | null;
  tier: string;
  access: string;
  isOnLowest: boolean;
  invoice: OwedInvoice | null;
};

/** Whom and what a mail is about, and what Stripe says of the invoice now. */
export async function readSubject(
  sql: Sql,
  settings: Settings,
  stripe: StripeGateway,
  graceId: string,
): Promise<MailSubject | null> {
  const grace = await findGrace(sql, graceId);
  const customer = grace && (await findCustomerById(sql, grace.customer_id));
  if (!grace || !customer) return null;
  const subscription = await findSubscription(sql, grace.subscription_id);
  const entitlement = await findEntitlement(sql, customer.id);
  const tier = entitlement?.tier ?? lowestTier(settings);
  return {
    grace,
    email: customer.email,
    stripeCustomerId: subscription?.stripe_customer_id ?? null,
    tier,
    access: entitlement?.access ?? 'full',
    isOnLowest: tier === lowestTier(settings),
    invoice: grace.invoice_id.startsWith('in_') ? await stripe.getOwedInvoice(grace.invoice_id) : null,
  };
}

/** The facts of a mail without its links: they are made last, because they begin to age at once. */
export async function factsOf(
  settings: Settings,
  stripe: StripeGateway,
  stage: MailStage,
  subject: MailSubject,
): Promise<Omit<MailFacts, 'portalUrl' | 'payUrl'>> {
  const { grace, invoice } = subject;
  const isOwed = stage !== 'recovered';
  const attempt =
    isOwed && invoice?.paymentIntentId ? await stripe.getAttempt(invoice.paymentIntentId) : null;
  const decline = attempt?.failure ? explainDecline(attempt.failure) : null;
  const amount = isOwed ? invoice?.amountRemaining : invoice?.amountPaid;
  return {
    stage,
    to: subject.email,
    amount: invoice?.currency && amount ? formatMoney(amount, invoice.currency) : null,
    invoiceNumber: invoice?.number ?? null,
    why: decline && !decline.isDelicate ? decline.why : null,
    ask: decline?.ask ?? null,
    nextTry: nextTryOf(invoice),
    deadlineAt: grace.deadline_at,
    tier: subject.tier,
    lowestTier: lowestTier(settings),
  };
}

function nextTryOf(invoice: OwedInvoice | null): MailFacts['nextTry'] {
  if (invoice?.nextAttemptAt === undefined) return null;
  return invoice.nextAttemptAt === null ? 'none' : { at: invoice.nextAttemptAt };
}
