import type { Sql } from '#db/connection.ts';
import type { GracePeriodRow } from '#db/grace-periods.ts';
import { deleteTimer, setTimer, type TimerKind } from '#db/timers.ts';
import { remindAt } from '#src/mails/remind-at.ts';

/** Sets, or moves, what happens at the deadline and at the reminder before it. */
export async function setGraceTimers(
  sql: Sql,
  now: number,
  grace: Pick<GracePeriodRow, 'id' | 'started_at' | 'deadline_at'>,
): Promise<void> {
  const put = (kind: TimerKind, dueAt: number) => setTimer(sql, now, { kind, subject: grace.id, dueAt });
  await put('grace_deadline', grace.deadline_at);
  const at = remindAt(grace);
  if (at !== null && at > now) await put('grace_reminder', at);
  else await deleteTimer(sql, 'grace_reminder', grace.id);
}

export async function dropGraceTimers(sql: Sql, graceId: string): Promise<void> {
  await deleteTimer(sql, 'grace_deadline', graceId);
  await deleteTimer(sql, 'grace_reminder', graceId);
}
