import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

/** One kind of work that is done again and again: returns how much it found, so that a busy one goes straight on. */
export type Job = { name: string; pauseMs: number; parallel: number; run(): Promise<number> };

export type Worker = {
  start(): void /** Look now instead of at the next turn. */;
  wake(): void;
  stop(): Promise<void>;
};

const FAILURE_PAUSE_MS = 2_000;

/** Runs jobs side by side until stopped; stopping waits for what is being done. */
export function createWorker(jobs: readonly Job[], log: Log): Worker {
  let isStopping = false;
  const running: Promise<void>[] = [];
  const wakers = new Set<() => void>();

  async function loop(job: Job): Promise<void> {
    while (!isStopping) {
      const pauseMs = await turn(job);
      if (pauseMs > 0 && !isStopping) await pause(pauseMs);
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

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        wakers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      wakers.add(end);
    });
  }

  const wake = () => {
    for (const end of [...wakers]) end();
  };
  return {
    start() {
      for (const job of jobs) for (let copy = 0; copy < job.parallel; copy++) running.push(loop(job));
    },
    wake,
    async stop() {
      isStopping = true;
      wake();
      await Promise.allSettled(running);
    },
  };
}
