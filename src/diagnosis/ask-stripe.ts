import { errorMessage } from '#src/core/errors.ts';
import type { FetchedSubscription, StripeGateway } from '#src/gateways/stripe.ts';
import type { OwedInvoice } from '#src/gateways/stripe-owed.ts';

/** A person waits for the diagnosis: what Stripe has not said by then is told as not known. */
const WAIT_MS = 1_200;
/** More Stripe customers of one person are not asked about. */
const CUSTOMERS_MAX = 3;
const INVOICES = 3;

/** What Stripe says of a customer now. */
export type StripeSays = {
  /** By Stripe customer; null for one that Stripe does not know any more. */
  subscriptions: Map<string, FetchedSubscription[] | null>;
  /** The newest of each, newest first. */
  invoices: OwedInvoice[];
  hasPortalSettings: boolean;
};

export type Asked = { says: StripeSays; why: null } | { says: null; why: string };

/** Asks everything side by side; being away is an answer, with its reason in a clause. */
export async function askStripeAbout(
  gateway: StripeGateway | null,
  stripeCustomers: readonly string[],
): Promise<Asked> {
  if (!gateway) return { says: null, why: 'STRIPE_SECRET_KEY is not set here' };
  try {
    return { says: await inTime(ask(gateway, stripeCustomers.slice(0, CUSTOMERS_MAX))), why: null };
  } catch (error) {
    return { says: null, why: `Stripe does not answer (${errorMessage(error)})` };
  }
}

async function ask(gateway: StripeGateway, customers: readonly string[]): Promise<StripeSays> {
  const [subscriptions, invoices, hasPortalSettings] = await Promise.all([
    Promise.all(customers.map(async (id) => [id, await gateway.listSubscriptions(id)] as const)),
    Promise.all(customers.map((id) => gateway.listInvoices(id, INVOICES))),
    gateway.hasPortalSettings(),
  ]);
  return { subscriptions: new Map(subscriptions), invoices: invoices.flat(), hasPortalSettings };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), WAIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What comes too late is not waited for, and its failing is nobody's business.
    work.catch(() => {});
  }
}
