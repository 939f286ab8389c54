import type { Sql } from '#db/connection.ts';
import { closeGrace, findGrace } from '#db/grace-periods.ts';
import type { TimerKind, TimerRow } from '#db/timers.ts';
import { expireApproval } from '#src/approvals/expire.ts';
import { remindOfApproval } from '#src/approvals/remind.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { glassIsOver } from '#src/break-glass/end.ts';
import { remindOfReview } from '#src/break-glass/remind.ts';
import type { Cause } from '#src/core/cause.ts';
import { expireHold } from '#src/credits/end-hold.ts';
import { expireLots } from '#src/credits/expire.ts';
import { openAccount } from '#src/credits/post-entry.ts';
import { recordEndOfHold } from '#src/credits/record-hold.ts';
import { countDown, remindOfDispute } from '#src/disputes/remind.ts';
import { remindOfEscalation } from '#src/escalations/remind.ts';
import { callNext } from '#src/health/call.ts';
import { askOnceMore } from '#src/incidents/asks/ask.ts';
import { runIncidentClock } from '#src/incidents/clock.ts';
import { queueMail } from '#src/mails/queue.ts';
import { remindOfPostmortem } from '#src/postmortems/remind.ts';
import { runDaily } from './daily.ts';
import { recompute, type TimerLog } from './recompute-timer.ts';

type TimerWork = (sql: Sql, deps: BillingDeps, cause: Cause, timer: TimerRow) => Promise<TimerLog[]>;

/** Work on what the timer names that has nothing for the log: it tells people, and what it tells is kept. */
function telling(
  work: (sql: Sql, settings: BillingDeps['settings'], cause: Cause, subject: string) => Promise<unknown>,
): TimerWork {
  return async (sql, deps, cause, timer) => {
    await work(sql, deps.settings, cause, timer.subject);
    return [];
  };
}

/** What each kind of timer does when it is due. A timer is a hint to look, so each looks again before it acts. */
export const timerWorks: Readonly<Record<TimerKind, TimerWork>> = {
  grace_deadline: async (sql, deps, cause, timer) => {
    const grace = await findGrace(sql, timer.subject);
    if (grace?.state !== 'open') return [];
    await closeGrace(sql, grace, 'expired', cause.now);
    await queueMail(sql, cause, grace, 'expired');
    return recompute(
      sql,
      deps,
      cause,
      grace.customer_id,
      timer,
      'The grace period after a failed payment ended without a payment.',
    );
  },
  grace_reminder: async (sql, _deps, cause, timer) => {
    const grace = await findGrace(sql, timer.subject);
    if (grace?.state === 'open') await queueMail(sql, cause, grace, 'reminder');
    return [];
  },
  override_expiry: (sql, deps, cause, timer) =>
    recompute(
      sql,
      deps,
      cause,
      timer.subject,
      timer,
      'The tier set by staff ran out; the subscription decides again.',
    ),
  manual_expiry: (sql, deps, cause, timer) =>
    recompute(sql, deps, cause, timer.subject, timer, 'The manual subscription ran out.'),
  lot_expiry: async (sql, _deps, cause, timer) => {
    const account = await openAccount(sql, cause, timer.subject.split(':')[0] ?? '');
    const expired = await expireLots(sql, cause, account);
    return expired > 0
      ? [
          {
            event: 'credits_changed',
            action: 'credits_expired',
            customer: account.customer_id,
            amount: -expired,
          },
        ]
      : [];
  },
  hold_expiry: async (sql, _deps, cause, timer) => {
    const reason = 'The call did not come back, so its credits were let go.';
    const ended = await expireHold(sql, cause, timer.subject);
    return ended ? [await recordEndOfHold(sql, { ...cause, reason }, 'credits hold expire', ended)] : [];
  },
  dispute_reminder: telling(remindOfDispute),
  dispute_countdown: telling(countDown),
  alert_call: telling(callNext),
  incident_clock: telling(runIncidentClock),
  incident_severity: telling((sql, settings, cause, id) => askOnceMore(sql, settings, cause, id, 'severity')),
  incident_commander: telling((sql, settings, cause, id) =>
    askOnceMore(sql, settings, cause, id, 'commander'),
  ),
  postmortem_due: telling(remindOfPostmortem),
  approval_expiry: telling(expireApproval),
  approval_reminder: telling(remindOfApproval),
  glass_end: async (sql, deps, cause, timer) => {
    const isOver = await glassIsOver(sql, deps.settings, cause, timer.subject);
    return isOver ? [{ event: 'break_glass', action: 'break_glass_over', glass: timer.subject }] : [];
  },
  glass_review: telling(remindOfReview),
  escalation_reminder: telling(remindOfEscalation),
  ledger_proof: (sql, _deps, cause, timer) => runDaily(sql, cause, timer),
  cleanup: (sql, _deps, cause, timer) => runDaily(sql, cause, timer),
};
