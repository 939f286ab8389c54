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
import { backoffMs } from '#src/billing-events/backoff.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import { timerWorks } from './timer-works.ts';
import { waitForMirror } from './wait-for-mirror.ts';

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
      return timerWorks[timer.kind](sql, deps, cause, timer);
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
