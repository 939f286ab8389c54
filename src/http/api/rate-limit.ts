import type { Clock } from '#src/core/clock.ts';

type Bucket = { tokens: number; at: number };

/**
 * A token bucket for each key, in this process: one second's worth may come at once.
 *
 * @returns takes one token: 0 when there was one, else in how many whole seconds there will be
 */
export function createRateLimit(perSecond: number, clock: Clock): (key: string) => number {
  const buckets = new Map<string, Bucket>();
  return (key) => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: perSecond, at: now };
    // A clock that was set back must not take tokens away.
    const passedMs = Math.max(now - bucket.at, 0);
    const tokens = Math.min(bucket.tokens + (passedMs / 1_000) * perSecond, perSecond);
    const isAllowed = tokens >= 1;
    buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
    return isAllowed ? 0 : Math.ceil((1 - tokens) / perSecond);
  };
}
