import { lowestTier, type Settings, tierRank } from '#src/core/settings.ts';
import type { SubscriptionItem } from '#src/subscriptions/item.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';

/** Everything that decides what a customer may use. Nothing else does: same inputs, same answer. */
export type EntitlementInputs = {
  now: number;
  /** What the subscriptions gave when they were last looked at: the tier that an unmapped price must not lower. */
  paidTier: string;
  subscriptions: SubscriptionFacts[];
  manual: { id: string; tier: string; status: string; endsAt: number | null } | null;
  override: { id: string; tier: string; expiresAt: number | null } | null;
  /** Open graces only. */
  graces: { subscriptionId: string; deadlineAt: number }[];
  /** Formal disputes that the bank has not decided. */
  openDisputes: string[];
  /** The fraud lock in force. */
  lock: { id: string } | null;
};

export type SubscriptionFacts = {
  id: string;
  status: string;
  items: SubscriptionItem[];
  isCollectionPaused: boolean;
  cancelAt: number | null;
  pendingItems: SubscriptionItem[];
  pendingAt: number | null;
};

export type Entitlement = {
  tier: string;
  /** What the subscriptions give, without what staff gave beside them. */
  paidTier: string;
  access: 'full' | 'grace' | 'restricted' | 'locked';
  source: 'subscription' | 'manual' | 'override' | 'default';
  sourceRef: string | null;
  pendingTier: string | null;
  pendingAt: number | null;
  graceDeadlineAt: number | null;
  /** Prices that count but that nothing maps. */
  unmappedPrices: string[];
  /** Subscriptions that count at the same time, when more than one does. */
  duplicates: string[];
};

type Candidate = {
  ref: string;
  tier: string;
  source: 'subscription' | 'manual';
  graceDeadlineAt: number | null;
  facts: SubscriptionFacts | null;
};

/**
 * Tier and access from subscriptions, plan map, override, grace and now (research/billing-anchors.md section 4.4,
 * entitlement rule; statuses in Stripe's words, docs.stripe.com/billing/subscriptions/overview#subscription-statuses).
 */
export function deriveEntitlement(settings: Settings, inputs: EntitlementInputs): Entitlement {
  const unmapped = new Set<string>();
  const candidates: Candidate[] = [];
  for (const facts of inputs.subscriptions) {
    const standing = countsNow(settings, facts, inputs);
    if (!standing.counts) continue;
    const tier = highestTier(settings, facts.items, unmapped);
    if (tier)
      candidates.push({
        ref: facts.id,
        tier,
        source: 'subscription',
        graceDeadlineAt: standing.graceDeadlineAt,
        facts,
      });
  }
  const countingIds = candidates.map((candidate) => candidate.ref);
  const paid = pickBest(settings, candidates)?.tier ?? lowestTier(settings);
  const manual = inputs.manual;
  if (manual && manual.status === 'active' && (manual.endsAt === null || manual.endsAt > inputs.now)) {
    candidates.push({
      ref: manual.id,
      tier: manual.tier,
      source: 'manual',
      graceDeadlineAt: null,
      facts: null,
    });
  }
  const best = pickBest(settings, candidates);
  const derived: Entitlement = {
    tier: best?.tier ?? lowestTier(settings),
    paidTier: isKept(settings, inputs, unmapped, paid) ? inputs.paidTier : paid,
    access: best?.graceDeadlineAt ? 'grace' : 'full',
    source: best?.source ?? 'default',
    sourceRef: best?.ref ?? null,
    ...pendingChange(settings, best, candidates),
    graceDeadlineAt: best?.graceDeadlineAt ?? null,
    unmappedPrices: [...unmapped].sort(),
    duplicates: countingIds.length > 1 ? countingIds.sort() : [],
  };
  const kept = withOverride(inputs, keepOnUnmapped(settings, inputs, derived));
  return withLock(inputs, withDisputes(settings, inputs, kept));
}

function countsNow(
  settings: Settings,
  facts: SubscriptionFacts,
  inputs: EntitlementInputs,
): { counts: boolean; graceDeadlineAt: number | null } {
  // A paused collection leaves Stripe's status at active, so it needs its own rule.
  if (facts.isCollectionPaused || facts.status === 'paused') {
    const canCount = facts.status === 'active' || facts.status === 'trialing' || facts.status === 'paused';
    return { counts: canCount && settings.billing.paused === 'keep', graceDeadlineAt: null };
  }
  if (facts.status === 'active' || facts.status === 'trialing')
    return { counts: true, graceDeadlineAt: null };
  if (facts.status === 'past_due') {
    const grace = inputs.graces.find(
      (open) => open.subscriptionId === facts.id && open.deadlineAt > inputs.now,
    );
    return { counts: grace !== undefined, graceDeadlineAt: grace?.deadlineAt ?? null };
  }
  return { counts: false, graceDeadlineAt: null };
}

function highestTier(
  settings: Settings,
  items: readonly SubscriptionItem[],
  unmapped: Set<string>,
): string | null {
  let best: string | null = null;
  for (const item of items) {
    const plan = mapPlan(settings, item);
    if (!plan) unmapped.add(item.priceId);
    else if (best === null || tierRank(settings, plan.tier) > tierRank(settings, best)) best = plan.tier;
  }
  return best;
}

/** Highest rank; of equals, one that is not in grace. */
function pickBest(settings: Settings, candidates: readonly Candidate[]): Candidate | null {
  const rank = (candidate: Candidate) =>
    tierRank(settings, candidate.tier) * 2 + (candidate.graceDeadlineAt ? 0 : 1);
  return candidates.reduce<Candidate | null>(
    (best, next) => (best === null || rank(next) > rank(best) ? next : best),
    null,
  );
}

/** A scheduled end or downgrade is shown, and changes nothing until its day. */
function pendingChange(
  settings: Settings,
  best: Candidate | null,
  candidates: readonly Candidate[],
): { pendingTier: string | null; pendingAt: number | null } {
  const none = { pendingTier: null, pendingAt: null };
  if (!best?.facts) return none;
  const others = pickBest(
    settings,
    candidates.filter((candidate) => candidate !== best),
  );
  const fallback = others?.tier ?? lowestTier(settings);
  if (best.facts.cancelAt !== null) return { pendingTier: fallback, pendingAt: best.facts.cancelAt };
  if (best.facts.pendingAt === null) return none;
  const next = highestTier(settings, best.facts.pendingItems, new Set());
  return next && next !== best.tier ? { pendingTier: next, pendingAt: best.facts.pendingAt } : none;
}

/** Unknown must never mean free: an unmapped price may not lower what the customer pays for. */
function keepOnUnmapped(settings: Settings, inputs: EntitlementInputs, derived: Entitlement): Entitlement {
  return isKept(settings, inputs, new Set(derived.unmappedPrices), derived.tier)
    ? { ...derived, tier: inputs.paidTier, source: 'subscription' }
    : derived;
}

function isKept(
  settings: Settings,
  inputs: EntitlementInputs,
  unmapped: ReadonlySet<string>,
  tier: string,
): boolean {
  return unmapped.size > 0 && tierRank(settings, inputs.paidTier) > tierRank(settings, tier);
}

function withOverride(inputs: EntitlementInputs, derived: Entitlement): Entitlement {
  const override = inputs.override;
  if (!override || (override.expiresAt !== null && override.expiresAt <= inputs.now)) return derived;
  const pending =
    override.expiresAt !== null && derived.tier !== override.tier
      ? { pendingTier: derived.tier, pendingAt: override.expiresAt }
      : { pendingTier: null, pendingAt: null };
  return {
    ...derived,
    ...pending,
    tier: override.tier,
    access: 'full',
    source: 'override',
    sourceRef: override.id,
    graceDeadlineAt: null,
  };
}

/** What an open dispute does to access is the settings' to say; it says nothing of the tier. */
function withDisputes(settings: Settings, inputs: EntitlementInputs, derived: Entitlement): Entitlement {
  const isRestricted = settings.disputes.access === 'restrict' && inputs.openDisputes.length > 0;
  return isRestricted ? { ...derived, access: 'restricted' } : derived;
}

/** A fraud lock says nothing of the tier: it takes the access, whatever is paid or set by hand, until staff end it. */
function withLock(inputs: EntitlementInputs, derived: Entitlement): Entitlement {
  return inputs.lock ? { ...derived, access: 'locked' } : derived;
}
