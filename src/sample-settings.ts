import { type Settings, settingsSchema } from '#src/core/settings.ts';

/**
 * What Lucy starts with when there is no `lucy.config.yml`: the sample tiers, plans named by lookup key, and no
 * Slack roles, so nobody in Slack may do anything yet.
 */
const samplePlans: [tier: string, creditsPerPeriod: number][] = [
  ['starter', 100],
  ['pro', 500],
  ['enterprise', 5_000],
];

export const sampleSettings: Settings = settingsSchema.parse({
  plans: samplePlans.flatMap(([tier, credits_per_period]) =>
    ['', '_monthly', '_yearly'].map((suffix) => ({
      tier,
      lookup_key: `${tier}${suffix}`,
      price: `price_${tier}${suffix}`,
      product: `prod_${tier}${suffix}`,
      credits_per_period: suffix === '_yearly' ? credits_per_period * 12 : credits_per_period,
    })),
  ),
  credit_packs: [{ lookup_key: 'credits_pack_100', credits: 100 }],
});
