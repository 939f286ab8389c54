/**
 * Rings workers in other processes, so that they look now instead of at their next turn. Only a doorbell: rows in the
 * database say what there is to do, so a ring that is lost costs a poll's time and nothing else.
 */
export type Doorbell = {
  /** Returns at once, and never throws; `job` is a name in `src/jobs/schedule.ts`, never anything of a customer. */
  ring(job: string): void;
  /** Null where there is no Redis to be in any state. */
  state: (() => { state: 'ok' | 'degraded'; detail: string }) | null;
  stop(): Promise<void>;
};

/** One process on one machine rings nobody. */
export const noDoorbell: Doorbell = { ring() {}, state: null, stop: async () => {} };
