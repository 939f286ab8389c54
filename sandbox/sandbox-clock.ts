import type { Clock } from '#src/core/clock.ts';

export type SandboxClock = Clock & {
  /** Moves the time of the whole sandbox on: Lucy, the local Slack and the local Stripe follow at once. */
  advance(ms: number): void;
};

/** The time of the sandbox: the real one, and what a story skipped of it. It never goes back. */
export function createSandboxClock(): SandboxClock {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    advance(ms) {
      skipped += ms;
    },
  };
}
