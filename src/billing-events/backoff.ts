import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';

/** 2 s, 4 s, 8 s … at most 10 minutes, with jitter so that workers do not come back together. */
export function backoffMs(attempt: number): number {
  const base = Math.min(SECOND_MS * 2 ** Math.min(attempt, 12), 10 * MINUTE_MS);
  return Math.round(base * (0.75 + Math.random() / 2));
}
