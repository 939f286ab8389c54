import type { Sql } from '#db/connection.ts';
import type { GracePeriodRow } from '#db/grace-periods.ts';
import { deleteTimer, putTimer, type TimerKind } from '#db/timers.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';

/** The customer is reminded this long before the deadline. */
export const REMIND_BEFORE_MS = DAY_MS;
/** A reminder that follows the first mail at its heels reminds of nothing. */
const APART_MS = 12 * HOUR_MS;

/** Sets, or moves, what happens at the deadline and a day before it. */
export async function setGraceTimers(
  sql: Sql,
  now: number,
  grace: Pick<GracePeriodRow, 'id' | 'started_at' | 'deadline_at'>,
): Promise<void> {
  const put = (kind: TimerKind, dueAt: number) =>
    putTimer(sql, {
      id: newId('tim', now),
      kind,
      subject: grace.id,
      due_at: dueAt,
      attempts: 0,
      last_error: null,
    });
  await put('grace_deadline', grace.deadline_at);
  const remindAt = grace.deadline_at - REMIND_BEFORE_MS;
  if (remindAt > now && remindAt - grace.started_at >= APART_MS) await put('grace_reminder', remindAt);
  else await deleteTimer(sql, 'grace_reminder', grace.id);
}

export async function dropGraceTimers(sql: Sql, graceId: string): Promise<void> {
  await deleteTimer(sql, 'grace_deadline', graceId);
  await deleteTimer(sql, 'grace_reminder', graceId);
}
