import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';

const PAUSE_MAX_MS = 5 * MINUTE_MS;

/** 2, 4, 8 … seconds, five minutes at most, with jitter so that many waiting messages do not come back together. */
export function backOffMs(attempts: number, random: () => number): number {
  const pauseMs = Math.min(SECOND_MS * 2 ** Math.min(attempts, 20), PAUSE_MAX_MS);
  return Math.round(pauseMs * (0.75 + random() * 0.5));
}
