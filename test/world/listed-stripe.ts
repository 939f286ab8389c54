import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { ListCalls, ListedSubscription, ListRange } from '#src/gateways/stripe-list-calls.ts';

export type ListedStripe = {
  gateway: StripeGateway;
  /** Each page that was asked for, in order. */
  calls: ListRange[];
  subscriptions: ListedSubscription[];
  /** Runs before each answer: to throw, or to change the truth. */
  onCall: (range: ListRange) => void;
};

const SECOND_MS = 1_000;

/** Many old subscriptions of strangers in Stripe's order, newest first, behind the gateway's lists. */
export function listedStripe(gateway: StripeGateway, createdAt: readonly number[]): ListedStripe {
  const newestFirst = [...createdAt].sort((a, b) => b - a);
  const listed: ListedStripe = {
    calls: [],
    onCall: () => {},
    subscriptions: newestFirst.map((at, index) =>
      bare(`sub_${index}`, Math.floor(at / SECOND_MS) * SECOND_MS),
    ),
    gateway: { ...gateway, lists: { ...gateway.lists, listSubscriptionPage } },
  };
  return listed;

  async function listSubscriptionPage(range: ListRange): ReturnType<ListCalls['listSubscriptionPage']> {
    listed.calls.push(range);
    listed.onCall(range);
    const all = listed.subscriptions.filter(
      (row) => row.createdAt >= range.from && row.createdAt < range.before,
    );
    const start = range.after === null ? 0 : all.findIndex((row) => row.id === range.after) + 1;
    // Stripe takes a place that the range does not hold any more; one that is gone altogether it does not know.
    if (range.after !== null && !listed.subscriptions.some((row) => row.id === range.after)) return null;
    return { rows: all.slice(start, start + 100), hasMore: all.length > start + 100 };
  }
}

function bare(id: string, createdAt: number): ListedSubscription {
  return {
    id,
    status: 'canceled',
    items: [],
    pauseBehavior: null,
    cancelAt: null,
    endedAt: createdAt,
    trialEnd: null,
    createdAt,
    latestInvoiceId: null,
    stripeCustomerId: `cus_${id}`,
    pendingItems: [],
    pendingAt: null,
    isLive: false,
  };
}
