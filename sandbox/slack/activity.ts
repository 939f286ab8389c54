/** Counts what is under way, so that a test can wait until nothing is. */
export type Activity = {
  /** Says that something began; call the answer when it ended. */
  begin(): () => void;
  /** Resolves once nothing was under way for `quietMs`; rejects after `timeoutMs`. */
  settled(quietMs?: number, timeoutMs?: number): Promise<void>;
};

export function createActivity(): Activity {
  let open = 0;
  let lastChangeAt = performance.now();
  return {
    begin() {
      open += 1;
      lastChangeAt = performance.now();
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        open -= 1;
        lastChangeAt = performance.now();
      };
    },
    async settled(quietMs = 30, timeoutMs = 20_000) {
      const startedAt = performance.now();
      // The quiet time starts anew at each call: what the caller just did may not have reached us yet.
      lastChangeAt = startedAt;
      while (open > 0 || performance.now() - lastChangeAt < quietMs) {
        if (performance.now() - startedAt > timeoutMs) {
          throw new Error(
            `The local Slack did not settle within ${timeoutMs} ms: ${open} requests are still open.`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}
