import type { StripeEventRow } from '#db/stripe-events.ts';
import type { FetchedCases } from '#src/disputes/fetch.ts';
import type { FetchedItem, FetchedSubscription } from '#src/gateways/stripe.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import { fetchAllCases } from './fetch-cases.ts';
import { fetchPayment, withRefunds } from './fetch-payment.ts';
import type { Fetching } from './fetching.ts';
import { isolate } from './isolate.ts';
import {
  type AskedPayment,
  readWanted,
  type Wanted,
  wantAsked,
  wantLatestInvoices,
  wantRefundedByUs,
} from './wanted-payments.ts';

/** Everything that a pass needs from Stripe, fetched before its transaction. */
export type FetchedCustomer = {
  isDeleted: boolean;
  subscriptions: FetchedSubscription[];
  payments: { truth: PaymentTruth; eventIds: string[] }[];
  /** What banks say of the customer's charges. */
  cases: FetchedCases;
  /** What an event came to, where its outcome says more than that everything is right. */
  outcomes: Map<string, string>;
  /** Events whose object could not be read: they fail alone, the rest goes on. */
  failures: Map<string, unknown>;
  /** Payments that nobody's event asked for and that could not be read or booked: payment id -> error. */
  unreadable: Map<string, unknown>;
};

export async function fetchCustomer(
  fetching: Fetching,
  stripeCustomerId: string,
  events: readonly StripeEventRow[],
  asked: readonly AskedPayment[] = [],
): Promise<FetchedCustomer> {
  const listed = await fetching.stripe.listSubscriptions(stripeCustomerId);
  const subscriptions = await Promise.all(
    (listed ?? []).map((subscription) => withProductTiers(fetching, subscription)),
  );
  const failures = new Map<string, unknown>();
  const wanted: Wanted = new Map();
  for (const event of events) {
    const read = () => readWanted(fetching, stripeCustomerId, event, wanted);
    await isolate(read, (error) => failures.set(event.id, error));
  }
  await wantLatestInvoices(fetching, subscriptions, wanted);
  await wantRefundedByUs(fetching, stripeCustomerId, wanted);
  await wantAsked(fetching, stripeCustomerId, asked, wanted);
  const unreadable = new Map<string, unknown>();
  const blame = (id: string, eventIds: readonly string[], error: unknown) => {
    for (const eventId of eventIds) failures.set(eventId, error);
    // Wanted without an event: the rest must go on all the same, and a person hears of it.
    if (eventIds.length === 0) unreadable.set(id, error);
  };
  const { cases, outcomes } = await fetchAllCases(fetching, stripeCustomerId, events, wanted, blame);
  const payments: FetchedCustomer['payments'] = [];
  for (const [id, { eventIds, asksRefunds, session }] of wanted) {
    const read = async () => {
      const found = session ?? (await fetchPayment(fetching, id, stripeCustomerId, subscriptions));
      if (!found) return;
      const truth = asksRefunds ? await withRefunds(fetching, found) : found;
      payments.push({ truth, eventIds });
    };
    await isolate(read, (error) => blame(id, eventIds, error));
  }
  return { isDeleted: listed === null, subscriptions, payments, cases, outcomes, failures, unreadable };
}

async function withProductTiers(
  fetching: Fetching,
  subscription: FetchedSubscription,
): Promise<FetchedSubscription> {
  const items = await Promise.all(subscription.items.map((item) => withProductTier(fetching, item)));
  return { ...subscription, items };
}

async function withProductTier(fetching: Fetching, item: FetchedItem): Promise<FetchedItem> {
  if (mapPlan(fetching.settings, item) || !item.productId) return item;
  return { ...item, productTier: await fetching.stripe.getProductTier(item.productId) };
}
