import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { findOpenLock } from '#db/customer-locks.ts';
import { listFormalDisputes } from '#db/disputes.ts';
import {
  type EntitlementChangeRow,
  type EntitlementRow,
  insertEntitlement,
  insertEntitlementChange,
  lockEntitlement,
  updateEntitlement,
} from '#db/entitlements.ts';
import { listGraces } from '#db/grace-periods.ts';
import { findManualSubscription } from '#db/manual-subscriptions.ts';
import { findOverride } from '#db/overrides.ts';
import { listSubscriptionsOf } from '#db/subscriptions.ts';
import type { Cause } from '#src/core/cause.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { parseItems } from '#src/subscriptions/item.ts';
import { deriveEntitlement, type Entitlement, type EntitlementInputs } from './derive.ts';
import { paidTierOf } from './paid-tier.ts';

export type BillingMode = 'test' | 'live';

export type Recomputed = {
  entitlement: Entitlement;
  before: EntitlementRow;
  change: EntitlementChangeRow | null;
};

/** What a customer would have now, without writing anything. */
export async function readInputs(
  sql: Sql,
  customerId: string,
  mode: BillingMode,
  paidTier: string,
  now: number,
): Promise<EntitlementInputs> {
  const links = await listLinks(sql, customerId);
  const subscriptions = await listSubscriptionsOf(
    sql,
    links.map((link) => link.stripe_customer_id),
    mode,
  );
  const manual = await findManualSubscription(sql, customerId);
  const override = await findOverride(sql, customerId, now);
  const graces = await listGraces(sql, customerId);
  const lock = await findOpenLock(sql, customerId);
  const disputes = await listFormalDisputes(sql, customerId);
  return {
    now,
    paidTier,
    subscriptions: subscriptions.map((row) => ({
      id: row.id,
      status: row.status,
      items: parseItems(row.items),
      isCollectionPaused: row.pause_behavior !== null,
      cancelAt: row.cancel_at,
      pendingItems: parseItems(row.pending_items),
      pendingAt: row.pending_at,
    })),
    manual: manual
      ? { id: manual.id, tier: manual.tier, status: manual.status, endsAt: manual.ends_at }
      : null,
    override: override ? { id: override.id, tier: override.tier, expiresAt: override.expires_at } : null,
    graces: graces
      .filter((grace) => grace.state === 'open')
      .map((grace) => ({ subscriptionId: grace.subscription_id, deadlineAt: grace.deadline_at })),
    openDisputes: disputes.map(({ id }) => id),
    lock: lock ? { id: lock.id } : null,
  };
}

/**
 * Recomputes tier and access and writes what changed: the row always, one `entitlement_change` only when tier or
 * access moved. Doing it twice changes nothing the second time.
 */
export async function recomputeEntitlement(
  sql: Sql,
  context: { settings: Settings; mode: BillingMode; cause: Cause },
  customerId: string,
  why: { kind: 'event' | 'timer' | 'staff'; ref: string; reason: string },
): Promise<Recomputed> {
  const { settings, mode, cause } = context;
  const before = await openEntitlement(sql, settings, customerId, cause.now);
  const inputs = await readInputs(sql, customerId, mode, paidTierOf(settings, before), cause.now);
  const entitlement = deriveEntitlement(settings, inputs);
  const { now: _now, ...lasting } = inputs;
  const hasMoved = entitlement.tier !== before.tier || entitlement.access !== before.access;
  const version = before.version + (hasMoved ? 1 : 0);
  await updateEntitlement(sql, {
    customer_id: customerId,
    tier: entitlement.tier,
    paid_tier: entitlement.paidTier,
    access: entitlement.access,
    source: entitlement.source,
    source_ref: entitlement.sourceRef,
    pending_tier: entitlement.pendingTier,
    pending_at: entitlement.pendingAt,
    grace_deadline_at: entitlement.graceDeadlineAt,
    inputs_hash: fingerprint(lasting),
    version,
    updated_at: cause.now,
  });
  if (!hasMoved) return { entitlement, before, change: null };
  const change: EntitlementChangeRow = {
    id: newId('chg', cause.now),
    customer_id: customerId,
    version,
    from_tier: before.tier,
    to_tier: entitlement.tier,
    from_access: before.access,
    to_access: entitlement.access,
    source: entitlement.source,
    cause: why.kind,
    cause_ref: why.ref,
    actor: cause.actor.id,
    reason: why.reason,
    correlation_id: cause.correlationId,
    at: cause.now,
  };
  await insertEntitlementChange(sql, change);
  return { entitlement, before, change };
}

/** The held row; a customer without one starts at the lowest tier. */
export async function openEntitlement(
  sql: Sql,
  settings: Settings,
  customerId: string,
  now: number,
): Promise<EntitlementRow> {
  const held = await lockEntitlement(sql, customerId);
  if (held) return held;
  await insertEntitlement(sql, {
    customer_id: customerId,
    tier: lowestTier(settings),
    access: 'full',
    source: 'default',
    source_ref: null,
    pending_tier: null,
    pending_at: null,
    grace_deadline_at: null,
    inputs_hash: '',
    version: 0,
    updated_at: now,
  });
  return openEntitlement(sql, settings, customerId, now);
}
