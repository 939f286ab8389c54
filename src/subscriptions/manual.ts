import type { Sql } from '#db/connection.ts';
import { type ManualSubscriptionRow, putManualSubscription } from '#db/manual-subscriptions.ts';
import { deleteTimer, setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';

/** Only an active one counts; a paused one is kept for later, a canceled one is history. */
export const manualStatuses = ['active', 'paused', 'canceled'] as const;
export type ManualStatus = (typeof manualStatuses)[number];

export type ManualSubscription = {
  customerId: string;
  type: string;
  tier: string;
  status: ManualStatus;
  endsAt: number | null;
};

/** Writes the one manual subscription of a customer, and the timer of its end. */
export async function setManualSubscription(sql: Sql, cause: Cause, set: ManualSubscription): Promise<void> {
  await putManualSubscription(sql, {
    id: newId('man', cause.now),
    customer_id: set.customerId,
    type: set.type,
    tier: set.tier,
    status: set.status,
    ends_at: set.endsAt,
    reason: cause.reason ?? '',
    ticket: cause.ticket,
    actor: cause.actor.id,
    set_at: cause.now,
  });
  if (set.endsAt === null || set.status !== 'active') {
    await deleteTimer(sql, 'manual_expiry', set.customerId);
    return;
  }
  await setTimer(sql, cause.now, { kind: 'manual_expiry', subject: set.customerId, dueAt: set.endsAt });
}

/** The line that brings the former state back; what has run out since comes back as canceled. */
export function manualLine(email: string, former: ManualSubscriptionRow, now: number): string {
  const hasEnded = former.ends_at !== null && former.ends_at <= now;
  const status = hasEnded ? 'canceled' : former.status;
  const until = former.ends_at !== null && status === 'active' ? ` --until ${isoTime(former.ends_at)}` : '';
  return `subscription set ${email} --type ${former.type} --status ${status}${until}`;
}
