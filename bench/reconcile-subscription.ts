import { readFileSync } from 'node:fs';

/** The newest was made then, and each other one a second before the one that follows it. Unix seconds. */
const NEWEST = 1_790_000_000;

export const createdOf = (index: number) => NEWEST - index;

/** Of those made before this second, the newest one’s number. */
export const indexBefore = (second: number) => Math.max(0, NEWEST - second + 1);

export const idOf = (index: number) => String(index).padStart(8, '0');

/** A real subscription in Stripe’s own words with holes for its number and its second, as JSON text of about 4 KB. */
export function bareSubscription(): string {
  const path = new URL('../test/fixtures/stripe/customer.subscription.updated.json', import.meta.url);
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: { object: Record<string, unknown> } };
  const price = {
    id: 'price_pro',
    object: 'price',
    lookup_key: 'pro_monthly',
    product: 'prod_pro',
    active: true,
  };
  const item = {
    id: 'si_IDX',
    object: 'subscription_item',
    created: 'CREATED',
    current_period_start: NEWEST,
    current_period_end: NEWEST + 2_592_000,
    metadata: {},
    price: {
      ...price,
      currency: 'usd',
      unit_amount: 4_900,
      recurring: { interval: 'month', interval_count: 1 },
    },
    quantity: 1,
    subscription: 'sub_IDX',
  };
  const subscription = {
    ...data.object,
    id: 'sub_IDX',
    customer: 'cus_IDX',
    created: 'CREATED',
    latest_invoice: 'in_IDX',
    status: 'active',
    livemode: false,
    cancel_at: null,
    cancel_at_period_end: false,
    ended_at: null,
    trial_end: null,
    pause_collection: null,
    items: { object: 'list', data: [item], has_more: false, total_count: 1, url: '/v1/subscription_items' },
    description: 'x'.repeat(600),
  };
  return JSON.stringify(subscription);
}

/** The same as Lucy’s mirror keeps its items. */
export const mirroredItems = JSON.stringify([
  {
    priceId: 'price_pro',
    lookupKey: 'pro_monthly',
    productId: 'prod_pro',
    productTier: null,
    quantity: 1,
    periodStart: NEWEST * 1_000,
    periodEnd: (NEWEST + 2_592_000) * 1_000,
  },
]);

export const benchNow = (NEWEST + 600) * 1_000;
