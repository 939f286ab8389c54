import type { Sql } from '#db/connection.ts';
import type { DisputeRow } from '#db/disputes.ts';
import { deleteTimer, setTimer, type TimerKind } from '#db/timers.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '#src/core/clock.ts';
import { wantsAnswer } from './status.ts';

/** When people are reminded of a deadline, and told that it passed. */
export const reminders = [
  { word: '7d', beforeMs: 7 * DAY_MS },
  { word: '3d', beforeMs: 3 * DAY_MS },
  { word: '24h', beforeMs: DAY_MS },
  { word: '6h', beforeMs: 6 * HOUR_MS },
  { word: 'over', beforeMs: 0 },
] as const;

type Timed = Pick<DisputeRow, 'id' | 'status' | 'due_by' | 'refunded_at'>;

/** Sets or moves what happens before the deadline; drops it when nothing is waited for. */
export async function setDisputeTimers(sql: Sql, now: number, dispute: Timed): Promise<void> {
  const due = wantsAnswer(dispute) ? dispute.due_by : null;
  for (const { word, beforeMs } of reminders)
    await set(sql, now, 'dispute_reminder', `${dispute.id}:${word}`, due === null ? null : due - beforeMs);
  await set(sql, now, 'dispute_countdown', dispute.id, nextCountdown(now, due));
}

/** The next moment at which the time left is told in other words: every day, and every hour of the last two days. */
export function nextCountdown(now: number, due: number | null): number | null {
  if (due === null || due <= now) return null;
  const stepMs = due - now > 2 * DAY_MS ? DAY_MS : HOUR_MS;
  // A second later, so that no more time is told than there is.
  return due - Math.floor((due - now) / stepMs) * stepMs + SECOND_MS;
}

async function set(
  sql: Sql,
  now: number,
  kind: TimerKind,
  subject: string,
  dueAt: number | null,
): Promise<void> {
  if (dueAt === null) return deleteTimer(sql, kind, subject);
  // Past already: one that was set before is about to come.
  if (dueAt <= now) return;
  await setTimer(sql, now, { kind, subject, dueAt });
}
