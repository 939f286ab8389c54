import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

/** One kind of work that is done again and again: returns how much it found, so that a busy one goes straight on. */
export type Job = { name: string; pauseMs: number; parallel: number; run(): Promise<number> };

export type Worker = {
  start(): void;
  /** Look now instead of at the next turn. */
  wake(name: string): void;
  stop(): Promise<void>;
};

const FAILURE_PAUSE_MS = 2_000;
/** In a burst, each event asks to be looked at; looking this often is soon enough. */
const WAKE_EVERY_MS = 50;

/** Runs jobs side by side until stopped; stopping waits for what is being done. */
export function createWorker(jobs: readonly Job[], log: Log): Worker {
  let isStopping = false;
  const running: Promise<void>[] = [];
  const wakers = new Map<() => void, string>();
  const wakesAt = new Map<string, number>();

  async function loop(job: Job): Promise<void> {
    while (!isStopping) {
      const pauseMs = await turn(job);
      if (pauseMs > 0 && !isStopping) await pause(job.name, pauseMs);
      // SQLite answers within the turn: work that only waits for it would never let a request or a timer in.
      else await nextTurn();
    }
  }

  async function turn(job: Job): Promise<number> {
    try {
      return (await job.run()) > 0 ? 0 : job.pauseMs;
    } catch (error) {
      log.error({ job: job.name, err: error, event: 'job_failed' }, errorMessage(error));
      return FAILURE_PAUSE_MS;
    }
  }

  function pause(name: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        wakers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      wakers.set(end, name);
    });
  }

  function wake(name: string): void {
    const now = performance.now();
    if (now < (wakesAt.get(name) ?? 0)) return;
    wakesAt.set(name, now + WAKE_EVERY_MS);
    // After the burst's first answer rather than before it.
    setTimeout(() => endPauses(name), WAKE_EVERY_MS / 2);
  }

  function endPauses(name: string | null): void {
    for (const [end, job] of [...wakers]) if (name === null || name === job) end();
  }

  return {
    start() {
      for (const job of jobs) for (let copy = 0; copy < job.parallel; copy++) running.push(loop(job));
    },
    wake,
    async stop() {
      isStopping = true;
      endPauses(null);
      await Promise.allSettled(running);
    },
  };
}
