import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { type CustomerPicture, readPicture } from '#src/customers/picture.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { readCreditsSince } from '#src/payments/credits-since.ts';
import { type Trouble, troubles } from '#src/routing/troubles.ts';
import { askStripeAbout } from './ask-stripe.ts';
import { type Check, type CheckContext, unknown, type Verdict } from './check.ts';
import { checks } from './checks.ts';
import { type WhyTier, whyTier } from './why-tier.ts';

export type Finding = Verdict & Trouble & { id: Check['id'] };

export type Diagnosis = {
  customer: CustomerRow;
  picture: CustomerPicture;
  why: WhyTier;
  /** When Stripe was asked; null with why it was not. */
  stripe: { at: number; why: null } | { at: null; why: string };
  findings: Finding[];
};

/**
 * The support runbook, carried out for one customer: every row is asked of our rows, and of Stripe where it answers in
 * time. It reads by index alone, however long the customer's history is, and writes nothing.
 */
export async function diagnose(
  context: { sql: Sql; settings: Settings; mode: BillingMode; stripe: StripeGateway | null; now: number },
  customer: CustomerRow,
): Promise<Diagnosis> {
  const { sql, settings, mode, now } = context;
  const picture = await readPicture(sql, mode, customer, now);
  const stripeCustomers = picture.links.map((link) => link.stripe_customer_id);
  const asked = await askStripeAbout(context.stripe, stripeCustomers);
  const checkContext: CheckContext = {
    sql,
    settings,
    mode,
    now,
    picture,
    stripeCustomers,
    stripe: asked.says,
    gateway: asked.says ? context.stripe : null,
    creditsSince: await readCreditsSince(sql, settings, now),
  };
  const findings: Finding[] = [];
  for (const check of checks)
    findings.push({ id: check.id, ...troubles[check.id], ...(await runCheck(check, checkContext)) });
  return {
    customer,
    picture,
    why: whyTier(settings, picture),
    stripe: asked.says ? { at: now, why: null } : { at: null, why: asked.why },
    findings,
  };
}

/** Stripe may go away between two questions: then this row stays open, and the others are told. */
async function runCheck(check: Check, context: CheckContext): Promise<Verdict> {
  try {
    return await check.run(context);
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    return unknown(`Stripe did not answer: ${errorMessage(error)}.`);
  }
}
