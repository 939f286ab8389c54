import { createHash } from 'node:crypto';

/** Makes every id and time stamp of the sandbox, in order, so that two equal runs give equal ids. */
export type Sequence = {
  /** A message's `ts`: seconds and microseconds, never the same twice. */
  ts(): string;
  /** Whole seconds, as in `event_time`. */
  seconds(): number;
  /** The next number, padded: `V0000000007`. */
  id(prefix: string): string;
  /** A tail that cannot be guessed, for response URLs and socket tickets. */
  tail(label: string): string;
};

export function createSequence(now: () => number, seed: string): Sequence {
  let count = 0;
  let lastMicros = 0;
  return {
    ts() {
      // A test's clock may stand still; Slack's ts is unique within a channel all the same.
      lastMicros = Math.max(lastMicros + 100, Math.floor(now()) * 1000);
      const micros = String(lastMicros % 1_000_000).padStart(6, '0');
      return `${Math.floor(lastMicros / 1_000_000)}.${micros}`;
    },
    seconds: () => Math.floor(now() / 1000),
    id(prefix) {
      count += 1;
      return `${prefix}${String(count).padStart(10, '0')}`;
    },
    tail(label) {
      count += 1;
      return createHash('sha256').update(`${seed}:${label}:${count}`).digest('hex').slice(0, 24);
    },
  };
}
