import type { Clock } from '#src/core/clock.ts';

/** A clock that a test moves. Starts at a moment that is easy to read in failures. */
export type TestClock = Clock & { advance(ms: number): void; set(at: number): void };

export const testStart = Date.UTC(2026, 10, 21, 9, 0, 0);

export function testClock(start = testStart): TestClock {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
    set(at) {
      now = at;
    },
  };
}
