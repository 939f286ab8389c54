import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';

/** A reminder that follows the first mail at its heels reminds of nothing. */
const APART_MS = 6 * HOUR_MS;

/** When the customer is reminded: a day before the deadline, or at half time of a grace shorter than two days; null: never. */
export function remindAt(grace: { started_at: number; deadline_at: number }): number | null {
  const wholeMs = grace.deadline_at - grace.started_at;
  const beforeMs = Math.min(DAY_MS, Math.floor(wholeMs / 2));
  return wholeMs - beforeMs >= APART_MS ? grace.deadline_at - beforeMs : null;
}
