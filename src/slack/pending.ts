/** What is under way and nobody waits for, until the process is to stop. */
export type Pending = {
  add<T>(work: Promise<T>): Promise<T>;
  /** Comes back when all of it has ended, whichever way; for a while only, since Slack itself may hang. */
  settle(): Promise<void>;
};

const PATIENCE_MS = 10_000;

export function createPending(patienceMs = PATIENCE_MS): Pending {
  const all = new Set<Promise<unknown>>();
  return {
    add(work) {
      const ended = work.then(
        () => void all.delete(ended),
        () => void all.delete(ended),
      );
      all.add(ended);
      return work;
    },
    async settle() {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, patienceMs);
      // What is under way may begin more.
      const allOfIt = async () => {
        while (all.size > 0) await Promise.all(all);
      };
      await Promise.race([allOfIt(), late.promise]);
      clearTimeout(timer);
    },
  };
}
