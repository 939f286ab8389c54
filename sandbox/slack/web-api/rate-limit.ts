/**
 * Slack's pace (docs.slack.dev/apis/web-api/rate-limits): so many calls go at once, and one more whenever `everyMs` has
 * passed. `perChannel` counts each channel for itself.
 */
type Pace = { burst: number; everyMs: number; perChannel: boolean };

/** “1 per second” into a channel, with short bursts. The size of a burst is a guess. */
const perChannel: Pace = { burst: 5, everyMs: 1_000, perChannel: true };
/** Tier 3: 50+ per minute for the workspace. */
const tier3: Pace = { burst: 50, everyMs: 60_000 / 50, perChannel: false };

/** Only what Lucy calls often. That edits keep the pace of a channel too is not documented, and safe to keep. */
const paces: Readonly<Record<string, readonly Pace[]>> = {
  'chat.postMessage': [perChannel],
  'chat.update': [perChannel, tier3],
};

export type RateLimit = {
  /** Seconds to wait before calling this method again; 0 when it may go now, and then it is counted. */
  take(method: string, channel: string): number;
};

/** A leaky bucket per method and channel. */
export function createRateLimit(now: () => number): RateLimit {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take(method, channel) {
      const due = (paces[method] ?? []).map((pace) => {
        const key = pace.perChannel ? `${method} ${channel}` : method;
        const bucket = buckets.get(key) ?? { level: 0, at: now() };
        const level = Math.max(0, bucket.level - (now() - bucket.at) / pace.everyMs) + 1;
        const seconds =
          level > pace.burst ? Math.max(1, Math.ceil(((level - pace.burst) * pace.everyMs) / 1000)) : 0;
        return { key, level, seconds };
      });
      const seconds = Math.max(0, ...due.map((one) => one.seconds));
      if (seconds === 0) for (const { key, level } of due) buckets.set(key, { level, at: now() });
      return seconds;
    },
  };
}
