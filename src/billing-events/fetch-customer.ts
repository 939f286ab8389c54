import type { StripeEventRow } from '#db/stripe-events.ts';
import { type FetchedItem, type FetchedSubscription, isStripeTrouble } from '#src/gateways/stripe.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import { fetchPayment, withRefunds } from './fetch-payment.ts';
import type { Fetching } from './fetching.ts';
import { readWanted, type Wanted, wantLatestInvoices, wantRefundedByUs } from './wanted-payments.ts';

/** Everything that a pass needs from Stripe, fetched before its transaction. */
export type FetchedCustomer = {
  isDeleted: boolean;
  subscriptions: FetchedSubscription[];
  payments: { truth: PaymentTruth; eventIds: string[] }[];
  /** Events whose object could not be read: they fail alone, the rest goes on. */
  failures: Map<string, unknown>;
  /** Payments that nobody's event asked for and that could not be read or booked: payment id -> error. */
  unreadable: Map<string, unknown>;
};

export async function fetchCustomer(
  fetching: Fetching,
  stripeCustomerId: string,
  events: readonly StripeEventRow[],
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
  const payments: FetchedCustomer['payments'] = [];
  const unreadable = new Map<string, unknown>();
  for (const [id, { eventIds, asksRefunds, session }] of wanted) {
    const read = async () => {
      const found = session ?? (await fetchPayment(fetching, id, stripeCustomerId, subscriptions));
      if (!found) return;
      const truth = asksRefunds ? await withRefunds(fetching, found) : found;
      payments.push({ truth, eventIds });
    };
    await isolate(read, (error) => {
      for (const eventId of eventIds) failures.set(eventId, error);
      // Wanted without an event: the rest must go on all the same, and a person hears of it.
      if (eventIds.length === 0) unreadable.set(id, error);
    });
  }
  return { isDeleted: listed === null, subscriptions, payments, failures, unreadable };
}

/** Stripe being away stops the pass; anything else is the fault of this one object, and `blame` says whose. */
async function isolate(work: () => Promise<void>, blame: (error: unknown) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isStripeTrouble(error)) throw error;
    blame(error);
  }
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
