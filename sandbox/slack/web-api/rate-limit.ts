/** Posts to one channel: 1 per second, with short bursts (slack-facts section 8). The size of a burst is a guess. */
const burst = 5;

export type RateLimit = {
  /** Seconds to wait before posting to this channel again; 0 when it may go now, and then it is counted. */
  take(channel: string): number;
};

/** A leaky bucket per channel. */
export function createRateLimit(now: () => number): RateLimit {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take(channel) {
      const bucket = buckets.get(channel) ?? { level: 0, at: now() };
      const level = Math.max(0, bucket.level - (now() - bucket.at) / 1000);
      if (level + 1 > burst) return Math.max(1, Math.ceil(level + 1 - burst));
      buckets.set(channel, { level: level + 1, at: now() });
      return 0;
    },
  };
}
