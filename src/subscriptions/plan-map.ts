import type { CreditPack, Plan, Settings } from '#src/core/settings.ts';

/** The Stripe side of something sold, as far as it is known. */
export type Sold = {
  priceId: string | null;
  lookupKey: string | null;
  productId: string | null;
  productTier?: string | null;
};

export type MappedPlan = Pick<Plan, 'tier' | 'credits_per_period' | 'credits_expire' | 'grace_hours'>;

/**
 * The plan behind something sold: by price id, then lookup key, then product, then the product's `metadata.tier`.
 * A new price under a known lookup key is the same plan, without a deployment. Null means unmapped, never free.
 */
export function mapPlan(settings: Settings, sold: Sold): MappedPlan | null {
  const exact = match(settings.plans, sold);
  if (exact) return exact;
  if (sold.productTier && settings.tiers.includes(sold.productTier)) {
    return { tier: sold.productTier, credits_per_period: 0, credits_expire: 'never', grace_hours: 72 };
  }
  return null;
}

/** A one-off purchase of credits. */
export function mapPack(settings: Settings, sold: Sold): CreditPack | null {
  return match(settings.credit_packs, sold);
}

function match<
  T extends { price?: string | undefined; lookup_key?: string | undefined; product?: string | undefined },
>(entries: readonly T[], sold: Sold): T | null {
  return (
    entries.find((entry) => entry.price !== undefined && entry.price === sold.priceId) ??
    entries.find((entry) => entry.lookup_key !== undefined && entry.lookup_key === sold.lookupKey) ??
    entries.find((entry) => entry.product !== undefined && entry.product === sold.productId) ??
    null
  );
}
