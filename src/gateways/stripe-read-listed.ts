import type { Shape } from './parse-only.ts';
import type { FetchedItem } from './stripe.ts';
import type { ListedSubscription } from './stripe-list-calls.ts';
import { readSubscription } from './stripe-read-subscription.ts';

type Fields = Record<string, unknown>;

/** All that is looked at here, and by the schema of a subscription. */
export const listedFields: Shape = {
  id: true,
  status: true,
  customer: true,
  created: true,
  livemode: true,
  items: {
    data: [
      {
        quantity: true,
        current_period_start: true,
        current_period_end: true,
        price: { id: true, lookup_key: true, product: true },
      },
    ],
  },
  latest_invoice: true,
  pause_collection: true,
  current_period_start: true,
  current_period_end: true,
  cancel_at: true,
  cancel_at_period_end: true,
  ended_at: true,
  trial_end: true,
};

/**
 * One row of a list of subscriptions, in whichever state. A hundred of them come with each page, so what looks as it
 * always does is read without a schema; anything else by the same schema as everywhere.
 */
export function readListedSubscription(raw: unknown): ListedSubscription {
  return (
    (isFields(raw) ? readPlain(raw) : null) ?? {
      ...readSubscription(raw),
      isLive: isFields(raw) && raw.livemode === true,
    }
  );
}

/** Null when anything is not as it always is. */
function readPlain(raw: Fields): ListedSubscription | null {
  const { id, status, customer, items, created, latest_invoice: invoice, pause_collection: pause } = raw;
  const isPlain =
    typeof id === 'string' &&
    typeof status === 'string' &&
    typeof customer === 'string' &&
    typeof created === 'number' &&
    (typeof invoice === 'string' || invoice === null) &&
    pause === null &&
    raw.current_period_end === undefined &&
    isFields(items) &&
    Array.isArray(items.data);
  if (!isPlain) return null;
  const read: FetchedItem[] = [];
  for (const item of items.data as unknown[]) {
    const plain = readItem(item);
    if (!plain) return null;
    read.push(plain);
  }
  const cancelAt = momentOf(raw.cancel_at);
  const ends =
    raw.cancel_at_period_end === true ? Math.max(0, ...read.map((item) => item.periodEnd ?? 0)) : 0;
  return {
    id,
    status,
    items: read,
    pauseBehavior: null,
    cancelAt: cancelAt ?? (ends || null),
    endedAt: momentOf(raw.ended_at),
    trialEnd: momentOf(raw.trial_end),
    createdAt: created * 1_000,
    latestInvoiceId: invoice,
    stripeCustomerId: customer,
    pendingItems: [],
    pendingAt: null,
    isLive: raw.livemode === true,
  };
}

function readItem(item: unknown): FetchedItem | null {
  if (!isFields(item) || !isFields(item.price)) return null;
  const { id, lookup_key: lookupKey, product } = item.price;
  const { quantity, current_period_start: start, current_period_end: end } = item;
  if (typeof id !== 'string' || typeof product !== 'string' || typeof quantity !== 'number') return null;
  if (typeof start !== 'number' || typeof end !== 'number') return null;
  return {
    priceId: id,
    lookupKey: typeof lookupKey === 'string' ? lookupKey : null,
    productId: product,
    productTier: null,
    quantity,
    periodStart: start * 1_000,
    periodEnd: end * 1_000,
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function momentOf(seconds: unknown): number | null {
  return typeof seconds === 'number' ? seconds * 1_000 : null;
}
