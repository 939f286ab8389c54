import type { Sql } from '#db/connection.ts';
import { isDirty } from '#db/customer-sync.ts';
import { findGrace } from '#db/grace-periods.ts';
import { postponeTimer, type TimerKind, type TimerRow } from '#db/timers.ts';
import { readPollState } from '#src/billing-events/poll-state.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import { postMessage } from '#src/outbox/post.ts';

/** Who may lose something by it, judged by what is known of their subscription. The others do not ask the mirror. */
const customerOf: Partial<Record<TimerKind, (sql: Sql, subject: string) => Promise<string | undefined>>> = {
  grace_deadline: customerOfGrace,
  grace_reminder: customerOfGrace,
  override_expiry: async (_sql, subject) => subject,
  manual_expiry: async (_sql, subject) => subject,
};

const LOOK_AGAIN_MS = MINUTE_MS;
/** Stripe’s events are asked for every minute: an older look than this did not see what came before the deadline. */
const SEEN_WITHIN_MS = 10 * MINUTE_MS;
/** So many waits of a minute are told; a dirty customer is otherwise looked at within seconds. */
const TOLD_AFTER = 30;

/**
 * After a restore, or a time without a worker, a deadline would be judged by what was true before: whoever paid
 * meanwhile would lose their tier. So it waits, for as long as it takes: access is kept rather than taken wrongly, and
 * a wait that lasts is told. True when the timer was put off.
 */
export async function waitForMirror(sql: Sql, cause: Cause, timer: TimerRow): Promise<boolean> {
  const customerId = await customerOf[timer.kind]?.(sql, timer.subject);
  if (customerId === undefined || !(await isBehind(sql, customerId, timer))) return false;
  const why = 'Waits until this customer was looked at anew at Stripe.';
  await postponeTimer(sql, timer.id, timer.due_at, cause.now + LOOK_AGAIN_MS, why);
  if (timer.attempts >= TOLD_AFTER) await tellWaiting(sql, cause);
  return true;
}

async function isBehind(sql: Sql, customerId: string, timer: TimerRow): Promise<boolean> {
  if (await isDirty(sql, customerId)) return true;
  const poll = await readPollState(sql);
  return poll !== null && (poll.lookedAt ?? 0) < timer.due_at - SEEN_WITHIN_MS;
}

async function customerOfGrace(sql: Sql, graceId: string): Promise<string | undefined> {
  const grace = await findGrace(sql, graceId);
  return grace?.state === 'open' ? grace.customer_id : undefined;
}

/** Once a day for all of them. */
async function tellWaiting(sql: Sql, cause: Cause): Promise<void> {
  await postMessage(sql, cause, {
    dedupeKey: `timers-wait:${Math.floor(cause.now / DAY_MS)}`,
    target: 'billing',
    reply: {
      tone: 'warning',
      title:
        'Deadlines of customers are due, and wait: Stripe could not be asked what is true of them by now. They keep what they have until then.',
      hint: 'Look at Stripe and at the queue under “status”; once Stripe answers it goes on by itself.',
      buttons: [{ kind: 'command', label: 'Status', line: 'status' }],
      correlationId: cause.correlationId,
    },
  });
}
