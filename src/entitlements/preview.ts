import type { Sql } from '#db/connection.ts';
import { findEntitlement } from '#db/entitlements.ts';
import { listSubscriptionsOf } from '#db/subscriptions.ts';
import type { Cause } from '#src/core/cause.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { clamp, listed } from '#src/core/text.ts';
import type { Change } from '#src/replies/reply.ts';
import { deriveEntitlement, type Entitlement, type EntitlementInputs } from './derive.ts';
import { paidTierOf } from './paid-tier.ts';
import { type BillingMode, readInputs } from './recompute.ts';

/** What a member of staff is about to change of what decides the tier. */
export type Supposed = {
  override?: EntitlementInputs['override'];
  manual?: EntitlementInputs['manual'];
  lock?: EntitlementInputs['lock'];
  graces?: EntitlementInputs['graces'];
  withoutStripeCustomer?: string;
  withoutSubscription?: string;
};

export type EntitlementPreview = {
  before: { tier: string; access: string };
  after: { tier: string; access: string };
  entitlement: Entitlement;
  /** Tier and access, where they would move. */
  changes: Change[];
  warnings: string[];
};

/** Tier and access as they would be; writes nothing. The same rule decides here and when it is done. */
export async function previewEntitlement(
  sql: Sql,
  context: { settings: Settings; mode: BillingMode; now: number },
  customerId: string,
  supposed: Supposed,
): Promise<EntitlementPreview> {
  const { settings, mode, now } = context;
  const held = await findEntitlement(sql, customerId);
  const before = { tier: held?.tier ?? lowestTier(settings), access: held?.access ?? 'full' };
  const inputs = await readInputs(sql, customerId, mode, paidTierOf(settings, held), now);
  const { withoutStripeCustomer, withoutSubscription, ...instead } = supposed;
  inputs.subscriptions = inputs.subscriptions.filter((facts) => facts.id !== withoutSubscription);
  if (withoutStripeCustomer !== undefined) {
    const gone = await listSubscriptionsOf(sql, [withoutStripeCustomer], mode);
    const ids = new Set(gone.map((row) => row.id));
    inputs.subscriptions = inputs.subscriptions.filter((facts) => !ids.has(facts.id));
  }
  const entitlement = deriveEntitlement(settings, { ...inputs, ...instead });
  const after = { tier: entitlement.tier, access: entitlement.access };
  return {
    before,
    after,
    entitlement,
    changes: [
      ...(before.tier === after.tier ? [] : [{ label: 'Tier', before: before.tier, after: after.tier }]),
      ...(before.access === after.access
        ? []
        : [{ label: 'Access', before: before.access, after: after.access }]),
    ],
    warnings: unmappedWarning(entitlement),
  };
}

/** Unknown never means free, so an unmapped price holds what was paid for before; staff should know why. */
function unmappedWarning(entitlement: Entitlement): string[] {
  if (entitlement.unmappedPrices.length === 0 || entitlement.source === 'override') return [];
  return [
    `Nothing maps ${listed(entitlement.unmappedPrices)}, so the subscription gives what it gave before: ${entitlement.paidTier}. Add it to plans: in lucy.config.yml.`,
  ];
}

/** Why staff moved a tier, as the change row keeps it: what was done, and their own words. */
export function staffReason(act: string, cause: Cause): string {
  return clamp(cause.reason ? `${act}: ${cause.reason}` : `${act}.`, 500);
}
