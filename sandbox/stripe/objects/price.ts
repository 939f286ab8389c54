import type { Metadata } from './metadata.ts';

export type Interval = 'day' | 'week' | 'month' | 'year';

const priceDefaults = {
  object: 'price' as const,
  billing_scheme: 'per_unit',
  custom_unit_amount: null,
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
};

/** https://docs.stripe.com/api/prices/object */
export type Price = typeof priceDefaults & {
  id: string;
  active: boolean;
  created: number;
  currency: string;
  livemode: boolean;
  lookup_key: string | null;
  metadata: Metadata;
  nickname: string | null;
  product: string;
  recurring: {
    interval: Interval;
    interval_count: number;
    meter: null;
    trial_period_days: null;
    usage_type: 'licensed';
  } | null;
  type: 'one_time' | 'recurring';
  unit_amount: number;
  unit_amount_decimal: string;
};

export function buildPrice(
  known: Pick<
    Price,
    'id' | 'created' | 'currency' | 'livemode' | 'lookup_key' | 'metadata' | 'nickname' | 'product'
  > & { unit_amount: number; interval: Interval | null },
): Price {
  const { interval, ...given } = known;
  return {
    ...priceDefaults,
    ...given,
    active: true,
    recurring: interval && {
      interval,
      interval_count: 1,
      meter: null,
      trial_period_days: null,
      usage_type: 'licensed',
    },
    type: interval ? 'recurring' : 'one_time',
    unit_amount_decimal: String(known.unit_amount),
  };
}

/** The older `plan` object, which subscription items still carry beside their price. */
export function planOf(price: Price) {
  return {
    id: price.id,
    object: 'plan' as const,
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: { ...price.metadata },
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}
