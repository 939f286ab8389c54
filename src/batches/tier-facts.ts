import { type Settings, tierRank } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import type { Fact } from '#src/replies/reply.ts';

/** How many customers get which tier by hand, the highest first; null is none by hand. */
export function tierFacts(settings: Settings, tiers: readonly (string | null)[]): Fact[] {
  const byTier = Map.groupBy(tiers, (tier) => tier);
  const byHand = [...byTier.keys()]
    .filter((tier) => tier !== null)
    .sort((a, b) => tierRank(settings, b) - tierRank(settings, a));
  if (byHand.length === 0) return [{ label: 'Tier', value: 'Stripe decides' }];
  const others = byTier.get(null)?.length ?? 0;
  return [
    ...byHand.map((tier) => ({
      label: `Tier ${tier}`,
      value: `${counted(byTier.get(tier)?.length ?? 0, 'customer')} by hand, with no end`,
    })),
    ...(others > 0
      ? [{ label: 'Other tiers', value: `Stripe decides for ${counted(others, 'customer')}` }]
      : []),
  ];
}
