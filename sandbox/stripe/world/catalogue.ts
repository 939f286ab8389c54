import type { Metadata } from '../objects/metadata.ts';
import { buildPrice, type Interval, type Price, planOf } from '../objects/price.ts';
import { buildProduct, type Product } from '../objects/product.ts';
import type { Core } from './core.ts';
import { requireRow } from './require.ts';

type Plan = { product: string; name: string; price: string; unitAmount: number; interval: Interval | null };

/** What this account sells. Ids are readable, so that a test and the page can name them. */
const plans: Plan[] = [
  { product: 'starter', name: 'Starter', price: 'starter_monthly', unitAmount: 1_900, interval: 'month' },
  { product: 'pro', name: 'Pro', price: 'pro_monthly', unitAmount: 4_900, interval: 'month' },
  { product: 'pro', name: 'Pro', price: 'pro_yearly', unitAmount: 49_000, interval: 'year' },
  {
    product: 'enterprise',
    name: 'Enterprise',
    price: 'enterprise_monthly',
    unitAmount: 49_900,
    interval: 'month',
  },
  {
    product: 'credits',
    name: '100 AI credits',
    price: 'credits_pack_100',
    unitAmount: 1_000,
    interval: null,
  },
  { product: 'unmapped', name: 'Legacy team', price: 'unmapped', unitAmount: 9_900, interval: 'month' },
];

/** The products and prices that every local account starts with; no events, they are older than the story. */
export function seedCatalogue(core: Core): void {
  core.withoutEvents(() => {
    for (const plan of plans) {
      const product = core.tables.products.get(`prod_${plan.product}`);
      if (!product) createProduct(core, { id: `prod_${plan.product}`, name: plan.name });
      createPrice(core, {
        id: `price_${plan.price}`,
        product: `prod_${plan.product}`,
        unitAmount: plan.unitAmount,
        interval: plan.interval,
        // The unmapped price is one that nobody told Lucy about: no lookup key to go by either.
        lookupKey: plan.price === 'unmapped' ? null : plan.price,
      });
    }
  });
}

export function createProduct(
  core: Core,
  input: { id?: string; name: string; metadata?: Metadata },
): Product {
  const product = buildProduct({
    id: input.id ?? core.newId('product'),
    created: core.now(),
    livemode: core.livemode,
    metadata: input.metadata ?? {},
    name: input.name,
  });
  core.tables.products.add(product);
  core.emit('product.created', product);
  return product;
}

export type NewPrice = {
  id?: string;
  product: string;
  unitAmount: number;
  /** Null for a one-off price. */
  interval: Interval | null;
  lookupKey?: string | null;
  nickname?: string | null;
  metadata?: Metadata;
  currency?: string;
};

export function createPrice(core: Core, input: NewPrice): Price {
  const price = buildPrice({
    id: input.id ?? core.newId('price'),
    created: core.now(),
    currency: input.currency ?? 'usd',
    interval: input.interval,
    livemode: core.livemode,
    lookup_key: input.lookupKey ?? null,
    metadata: input.metadata ?? {},
    nickname: input.nickname ?? null,
    product: input.product,
    unit_amount: input.unitAmount,
  });
  core.tables.prices.add(price);
  core.emit('price.created', price);
  return price;
}

/** Finds a price by id, by lookup key, or by the name it has in the catalogue (`unmapped`). */
export function findPrice(core: Core, name: string): Price {
  const { prices } = core.tables;
  const price =
    prices.get(name) ??
    prices.newestFirst().find((candidate) => candidate.lookup_key === name) ??
    prices.get(`price_${name}`);
  if (!price) throw new Error(`The local Stripe sells no price '${name}'.`);
  return price;
}

export type PriceEdit = {
  lookupKey?: string | null;
  metadata?: Metadata;
  active?: boolean;
  nickname?: string | null;
};

export function editPrice(core: Core, name: string, edit: PriceEdit): Price {
  const price = findPrice(core, name);
  core.change('price.updated', price, () => {
    if (edit.lookupKey !== undefined) price.lookup_key = edit.lookupKey;
    if (edit.metadata !== undefined) price.metadata = edit.metadata;
    if (edit.active !== undefined) price.active = edit.active;
    if (edit.nickname !== undefined) price.nickname = edit.nickname;
  });
  showPriceInSubscriptions(core, price);
  return price;
}

/** Subscriptions show the price as it is now; Stripe sends no subscription event for that. */
function showPriceInSubscriptions(core: Core, price: Price): void {
  for (const subscription of core.tables.subscriptions.newestFirst()) {
    for (const item of subscription.items.data) {
      if (item.price.id !== price.id) continue;
      item.price = structuredClone(price);
      item.plan = planOf(price);
    }
  }
}

export function editProduct(
  core: Core,
  id: string,
  edit: { name?: string; metadata?: Metadata; active?: boolean },
): Product {
  const product = requireRow(core.tables.products, 'product', id);
  core.change('product.updated', product, () => {
    Object.assign(product, edit);
    product.updated = core.now();
  });
  return product;
}
