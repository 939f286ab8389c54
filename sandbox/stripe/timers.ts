/** Waits that end with the server: after `stop` nothing wakes up any more. */
export type Timers = {
  /** False when the server closed meanwhile. */
  wait(ms: number): Promise<boolean>;
  stop(): void;
};

export function createTimers(): Timers {
  const waiting = new Map<NodeJS.Timeout, (awake: boolean) => void>();
  let stopped = false;
  return {
    wait(ms) {
      if (stopped) return Promise.resolve(false);
      if (ms <= 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(timer);
          resolve(true);
        }, ms);
        waiting.set(timer, resolve);
      });
    },
    stop() {
      stopped = true;
      for (const [timer, resolve] of waiting) {
        clearTimeout(timer);
        resolve(false);
      }
      waiting.clear();
    },
  };
}
