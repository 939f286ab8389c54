import type { Sql } from '#db/connection.ts';
import { endOverrides, insertOverride, type OverrideRow } from '#db/overrides.ts';
import { deleteTimer, setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { openEntitlement } from './recompute.ts';

/**
 * A tier by hand: ends the one before, and sets the timer at which it runs out, all in the caller's transaction. The
 * entitlement row is held first, so that two members of staff follow each other and never leave two in force.
 */
export async function setOverride(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  override: { customerId: string; tier: string; expiresAt: number | null },
): Promise<void> {
  await clearOverride(sql, settings, cause, override.customerId);
  await insertOverride(sql, {
    id: newId('ovr', cause.now),
    customer_id: override.customerId,
    tier: override.tier,
    reason: cause.reason ?? '',
    ticket: cause.ticket,
    actor: cause.actor.id,
    starts_at: cause.now,
    expires_at: override.expiresAt,
    ended_at: null,
  });
  if (override.expiresAt === null) return;
  await setTimer(sql, cause.now, {
    kind: 'override_expiry',
    subject: override.customerId,
    dueAt: override.expiresAt,
  });
}

/** Ends whatever tier was set by hand. */
export async function clearOverride(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  customerId: string,
): Promise<void> {
  await openEntitlement(sql, settings, customerId, cause.now);
  await endOverrides(sql, customerId, cause.now);
  await deleteTimer(sql, 'override_expiry', customerId);
}

/** The line that puts this override back. */
export function overrideLine(email: string, override: OverrideRow): string {
  const until = override.expires_at === null ? '' : ` --until ${isoTime(override.expires_at)}`;
  return `tier set ${email} ${override.tier}${until}`;
}
