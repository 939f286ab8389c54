import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { closeGrace, findGrace } from '#db/grace-periods.ts';
import {
  bulkKinds,
  listDueTimers,
  postponeTimer,
  type TimerKind,
  type TimerRow,
  takeTimer,
  urgentKinds,
} from '#db/timers.ts';
import { inTransaction } from '#db/transaction.ts';
import { expireApproval } from '#src/approvals/expire.ts';
import { remindOfApproval } from '#src/approvals/remind.ts';
import { recordAudit } from '#src/audit/record.ts';
import { backoffMs } from '#src/billing-events/backoff.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { glassIsOver } from '#src/break-glass/end.ts';
import { remindOfReview } from '#src/break-glass/remind.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import { expireHold } from '#src/credits/end-hold.ts';
import { expireLots } from '#src/credits/expire.ts';
import { openAccount } from '#src/credits/post-entry.ts';
import { recordEndOfHold } from '#src/credits/record-hold.ts';
import { countDown, remindOfDispute } from '#src/disputes/remind.ts';
import { announceChange, changeLog } from '#src/entitlements/announce.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { remindOfEscalation } from '#src/escalations/remind.ts';
import { callNext } from '#src/health/call.ts';
import { askOnceMore } from '#src/incidents/asks/ask.ts';
import { runIncidentClock } from '#src/incidents/clock.ts';
import { queueMail } from '#src/mails/queue.ts';
import { remindOfPostmortem } from '#src/postmortems/remind.ts';
import { runDaily } from './daily.ts';
import { waitForMirror } from './wait-for-mirror.ts';

type LogLine = { event: string; action?: string; [key: string]: unknown };
type TimerWork = (sql: Sql, deps: BillingDeps, cause: Cause, timer: TimerRow) => Promise<LogLine[]>;

/** What each kind of timer does when it is due. A timer is a hint to look, so each looks again before it acts. */
const works: Readonly<Record<TimerKind, TimerWork>> = {
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
  dispute_reminder: async (sql, deps, cause, timer) => {
    await remindOfDispute(sql, deps.settings, cause, timer.subject);
    return [];
  },
  dispute_countdown: async (sql, deps, cause, timer) => {
    await countDown(sql, deps.settings, cause, timer.subject);
    return [];
  },
  alert_call: async (sql, deps, cause, timer) => {
    await callNext(sql, deps.settings, cause, timer.subject);
    return [];
  },
  incident_clock: async (sql, deps, cause, timer) => {
    await runIncidentClock(sql, deps.settings, cause, timer.subject);
    return [];
  },
  incident_severity: async (sql, deps, cause, timer) => {
    await askOnceMore(sql, deps.settings, cause, timer.subject, 'severity');
    return [];
  },
  incident_commander: async (sql, deps, cause, timer) => {
    await askOnceMore(sql, deps.settings, cause, timer.subject, 'commander');
    return [];
  },
  postmortem_due: async (sql, deps, cause, timer) => {
    await remindOfPostmortem(sql, deps.settings, cause, timer.subject);
    return [];
  },
  approval_expiry: async (sql, deps, cause, timer) => {
    await expireApproval(sql, deps.settings, cause, timer.subject);
    return [];
  },
  approval_reminder: async (sql, deps, cause, timer) => {
    await remindOfApproval(sql, deps.settings, cause, timer.subject);
    return [];
  },
  glass_end: async (sql, deps, cause, timer) => {
    const isOver = await glassIsOver(sql, deps.settings, cause, timer.subject);
    return isOver ? [{ event: 'break_glass', action: 'break_glass_over', glass: timer.subject }] : [];
  },
  glass_review: async (sql, deps, cause, timer) => {
    await remindOfReview(sql, deps.settings, cause, timer.subject);
    return [];
  },
  escalation_reminder: async (sql, deps, cause, timer) => {
    await remindOfEscalation(sql, deps.settings, cause, timer.subject);
    return [];
  },
  ledger_proof: (sql, _deps, cause, timer) => runDaily(sql, cause, timer),
  cleanup: (sql, _deps, cause, timer) => runDaily(sql, cause, timer),
};

async function recompute(
  sql: Sql,
  deps: BillingDeps,
  cause: Cause,
  customerId: string,
  timer: TimerRow,
  reason: string,
): Promise<LogLine[]> {
  const customer = await findCustomerById(sql, customerId);
  if (!customer) return [];
  const why = { kind: 'timer' as const, ref: timer.id, reason };
  const { change } = await recomputeEntitlement(
    sql,
    { settings: deps.settings, mode: deps.mode, cause: { ...cause, reason } },
    customerId,
    why,
  );
  if (!change) return [];
  await recordAudit(
    sql,
    { ...cause, reason },
    {
      command: `timer ${timer.kind}`,
      outcome: 'done',
      customerId,
      input: { timer: timer.id, subject: timer.subject },
      before: { tier: change.from_tier, access: change.from_access },
      after: { tier: change.to_tier, access: change.to_access },
    },
  );
  await announceChange(sql, cause, customer.email, change, { changes: [], facts: [] });
  return [changeLog(change, timer.kind)];
}

/** Fires what is due, each exactly once: the timer is taken away in the transaction of its work. Returns how many. */
export async function runTimers(
  deps: BillingDeps,
  kinds: readonly TimerKind[] = [...urgentKinds, ...bulkKinds],
): Promise<number> {
  const due = await listDueTimers(deps.database.knex, kinds, deps.clock.now(), 100);
  for (const timer of due) await runTimer(deps, timer);
  return due.length;
}

async function runTimer(deps: BillingDeps, timer: TimerRow): Promise<void> {
  const now = deps.clock.now();
  const cause: Cause = {
    actor: scheduleActor,
    surface: 'job',
    correlationId: newCorrelationId(now),
    reason: `Timer ${timer.kind}`,
    ticket: null,
    runId: null,
    now,
  };
  try {
    const logs = await inTransaction(deps.database, async (sql) => {
      if (await waitForMirror(sql, cause, timer)) return [];
      if (!(await takeTimer(sql, timer.id, timer.due_at))) return [];
      return works[timer.kind](sql, deps, cause, timer);
    });
    for (const line of logs) deps.log.info({ correlationId: cause.correlationId, ...line }, line.event);
  } catch (error) {
    deps.log.error(
      {
        correlationId: cause.correlationId,
        timer: timer.kind,
        subject: timer.subject,
        err: error,
        event: 'timer_failed',
      },
      errorMessage(error),
    );
    await postponeTimer(
      deps.database.knex,
      timer.id,
      timer.due_at,
      now + backoffMs(timer.attempts + 3),
      errorMessage(error),
    );
  }
}
