import type { Sql } from '#db/connection.ts';
import { findEntitlement } from '#db/entitlements.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { deriveEntitlement, type Entitlement } from '#src/entitlements/derive.ts';
import { paidTierOf } from '#src/entitlements/paid-tier.ts';
import { type BillingMode, readInputs } from '#src/entitlements/recompute.ts';

/** What a timer may be late by: an override that ran out a moment ago is nobody's mistake. */
const TIMERS_MS = 2 * MINUTE_MS;

export type TierTrouble = {
  held: { tier: string; access: string };
  /** What the same rule says now. */
  derived: Entitlement;
};

type Context = { settings: Settings; mode: BillingMode; now: number };

/** Tier and access that are not what the subscriptions, overrides, graces and locks say; null when they are. */
export async function findTierTrouble(
  sql: Sql,
  context: Context,
  customerId: string,
): Promise<TierTrouble | null> {
  // It takes several statements: a pass that commits between two of them is asked about again.
  const first = await compare(sql, context, customerId);
  return first && compare(sql, context, customerId);
}

async function compare(
  sql: Sql,
  { settings, mode, now }: Context,
  customerId: string,
): Promise<TierTrouble | null> {
  const row = await findEntitlement(sql, customerId);
  const held = { tier: row?.tier ?? lowestTier(settings), access: row?.access ?? 'full' };
  const derivedAt = async (at: number) =>
    deriveEntitlement(settings, await readInputs(sql, customerId, mode, paidTierOf(settings, row), at));
  const isHeld = (entitlement: Entitlement) =>
    entitlement.tier === held.tier && entitlement.access === held.access;
  const derived = await derivedAt(now);
  if (isHeld(derived) || isHeld(await derivedAt(now - TIMERS_MS))) return null;
  return { held, derived };
}

/** `free and full, though the rule says pro and full (sub_…)`. */
export function tierTroubleWords({ held, derived }: TierTrouble): string {
  const because = derived.sourceRef === null ? '' : ` (${derived.sourceRef})`;
  return `has ${standing(held)}, though everything known says ${standing(derived)}${because}`;
}

function standing({ tier, access }: { tier: string; access: string }): string {
  return access === 'full' ? `tier ${tier}` : `tier ${tier} with access “${access}”`;
}
