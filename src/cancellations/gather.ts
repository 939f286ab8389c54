import type { Sql } from '#db/connection.ts';
import { findLink, listLinks } from '#db/customer-links.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { findManualSubscription } from '#db/manual-subscriptions.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import type { FetchedSubscription, StripeGateway } from '#src/gateways/stripe.ts';
import { stripeTrouble } from '#src/refunds/gather.ts';
import { chooseSubscription } from './choose.ts';

export type CancelInput = {
  /** A customer, or `sub_…`. */
  subscription: string;
  at?: 'now' | 'period_end' | undefined;
  reason: string;
  ticket?: string | undefined;
};

export type CancelFacts = {
  customer: CustomerRow;
  subscription: FetchedSubscription;
  /** What of the same customer goes on. */
  others: readonly FetchedSubscription[];
};

const ended = new Set(['canceled', 'incomplete_expired']);

export function hasEnded({ status }: FetchedSubscription): boolean {
  return ended.has(status);
}

/**
 * The one subscription that was meant, as Stripe says it is now; asked with no transaction open.
 *
 * @throws ChoiceNeeded when the customer has several
 * @throws UserError when there is none, or Stripe cannot say
 */
export async function gatherCancellation(
  sql: Sql,
  stripe: StripeGateway | null,
  input: CancelInput,
): Promise<CancelFacts> {
  if (!stripe)
    throw new UserError(
      'unavailable',
      'A subscription is looked up at Stripe first, and this terminal has no key for it; nothing was changed.',
      'Set STRIPE_SECRET_KEY to the key that Lucy’s service has, or ask for it in Slack.',
    );
  try {
    const named = input.subscription.trim();
    const byId = named.startsWith('sub_') ? await fetchNamed(stripe, named) : null;
    const customer = byId ? await ownerOf(sql, byId) : await findNamed(sql, named);
    const all = await subscriptionsOf(sql, stripe, customer);
    const subscription = byId ?? chooseSubscription(input, customer, await running(sql, customer, all));
    const others = all.filter((other) => !hasEnded(other) && other.id !== subscription.id);
    return { customer, subscription, others };
  } catch (error) {
    throw stripeTrouble(error);
  }
}

async function findNamed(sql: Sql, named: string): Promise<CustomerRow> {
  try {
    return await findCustomer(sql, named);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.hint, { subscription: error.message });
  }
}

/** Whose it is, by the link that proof made (DESIGN section 10): nobody else’s subscription is ended. */
async function ownerOf(sql: Sql, { id, stripeCustomerId }: FetchedSubscription): Promise<CustomerRow> {
  const link = stripeCustomerId ? await findLink(sql, stripeCustomerId) : undefined;
  const customer = link && (await findCustomerById(sql, link.customer_id));
  if (customer) return customer;
  throw new UserError(
    'conflict',
    `${id} belongs to ${stripeCustomerId ?? 'nobody'} at Stripe, and Lucy does not know which customer that is.`,
    `Say whose it is, then ask again: customer link EMAIL ${stripeCustomerId ?? 'cus_…'}`,
    { subscription: 'Lucy does not know whose this is.' },
  );
}

async function subscriptionsOf(
  sql: Sql,
  stripe: StripeGateway,
  customer: CustomerRow,
): Promise<FetchedSubscription[]> {
  const links = await listLinks(sql, customer.id);
  const lists = await Promise.all(links.map((link) => stripe.listSubscriptions(link.stripe_customer_id)));
  // One that was deleted at Stripe has none.
  return lists.flatMap((list) => list ?? []);
}

async function fetchNamed(stripe: StripeGateway, id: string): Promise<FetchedSubscription> {
  const found = await stripe.getSubscription(id);
  if (found) return found;
  const message = `Stripe knows no subscription ${id}.`;
  const hint = 'Check the id, and whether it is one of test or of live mode.';
  throw new UserError('not_found', message, hint, { subscription: message });
}

async function running(
  sql: Sql,
  customer: CustomerRow,
  all: readonly FetchedSubscription[],
): Promise<FetchedSubscription[]> {
  const found = all.filter((subscription) => !hasEnded(subscription));
  if (found.length > 0) return found;
  const manual = await findManualSubscription(sql, customer.id);
  if (manual?.status === 'active')
    throw new UserError(
      'conflict',
      `${customer.email} pays outside Stripe (${manual.type}), so there is nothing to end at Stripe.`,
      `Record its end: subscription set ${customer.email} --type ${manual.type} --status canceled --reason "…"`,
      { subscription: 'It is paid outside Stripe.' },
    );
  throw new UserError(
    'not_found',
    `${customer.email} has no subscription at Stripe that could end.`,
    `Look: subscription show ${customer.email}. If another Stripe customer pays, link it: customer link ${customer.email} cus_…`,
    { subscription: 'There is none that could end.' },
  );
}
