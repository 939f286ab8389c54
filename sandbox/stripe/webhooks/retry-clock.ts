/** When to try which event again. Times are by the clock given, which a test may turn. */
export type RetryClock = {
  schedule(eventId: string, delayMs: number): void;
  forget(eventId: string): void;
  nextOf(eventId: string): number | null;
  runDue(): void;
  stop(): void;
};

/** The longest that a timer can sleep; it looks again then. */
const longestSleepMs = 60_000;

export function createRetryClock(nowMs: () => number, run: (eventId: string) => void): RetryClock {
  const due = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  function arm(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (stopped || due.size === 0) return;
    const sleep = Math.max(0, Math.min(...due.values()) - nowMs());
    timer = setTimeout(runDue, Math.min(sleep, longestSleepMs));
    // Waiting for a retry is no reason to keep a process alive.
    timer.unref();
  }

  function runDue(): void {
    for (const [eventId, at] of due) {
      if (at > nowMs()) continue;
      due.delete(eventId);
      run(eventId);
    }
    arm();
  }

  return {
    schedule(eventId, delayMs) {
      due.set(eventId, nowMs() + delayMs);
      arm();
    },
    forget(eventId) {
      if (due.delete(eventId)) arm();
    },
    nextOf: (eventId) => due.get(eventId) ?? null,
    runDue,
    stop() {
      stopped = true;
      due.clear();
      arm();
    },
  };
}
