import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

export type MayStay = () => boolean | Promise<boolean>;

/** One kind of work that is done again and again: returns how much it found, so that a busy one goes straight on. */
export type Job = {
  name: string;
  pauseMs: number;
  parallel: number;
  /** @param mayStay for work that goes on for long, asked now and then: no, when all is to stop */
  run(mayStay?: MayStay): Promise<number>;
  /** Who has something to do when this one had: looked at once, here and in other processes. */
  wakes?: readonly string[];
};

export type Worker = {
  start(): void;
  /** Look now instead of at the next turn. */
  wake(name: string): void;
  stop(): Promise<void>;
};

const FAILURE_PAUSE_MS = 2_000;
/** In a burst, each event asks to be looked at; looking this often is soon enough. */
const WAKE_EVERY_MS = 50;
/** After the burst's first answer, and after a commit that is just being made, rather than before it. */
const WAKE_SOON_MS = 25;

/**
 * Runs jobs side by side until stopped; stopping waits for what is being done.
 *
 * @param ring tells other processes what is to be looked at now
 */
export function createWorker(
  jobs: readonly Job[],
  log: Log,
  ring: (name: string) => void = () => {},
): Worker {
  let isStopping = false;
  const running: Promise<void>[] = [];
  const wakers = new Map<() => void, string>();
  const lookedAt = new Map<string, number>();
  const soon = new Map<string, NodeJS.Timeout>();
  /** Woken while they looked: what they saw may be older than what they were woken for. */
  const again = new Set<string>();
  const names = new Set(jobs.map((job) => job.name));

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
      again.delete(job.name);
      if ((await job.run(() => !isStopping)) === 0) return job.pauseMs;
      for (const name of job.wakes ?? []) {
        wake(name);
        ring(name);
      }
      return 0;
    } catch (error) {
      log.error({ job: job.name, err: error, event: 'job_failed' }, errorMessage(error));
      return FAILURE_PAUSE_MS;
    }
  }

  function pause(name: string, ms: number): Promise<void> {
    if (again.delete(name)) return nextTurn();
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
    // Whoever is about to look sees this, too.
    if (isStopping || !names.has(name) || soon.has(name)) return;
    const sinceMs = performance.now() - (lookedAt.get(name) ?? Number.NEGATIVE_INFINITY);
    const look = () => {
      soon.delete(name);
      lookedAt.set(name, performance.now());
      if (endPauses(name) === 0) again.add(name);
    };
    soon.set(name, setTimeout(look, Math.max(WAKE_SOON_MS, WAKE_EVERY_MS - sinceMs)));
  }

  function endPauses(name: string | null): number {
    const ends = [...wakers].filter(([, job]) => name === null || name === job);
    for (const [end] of ends) end();
    return ends.length;
  }

  return {
    start() {
      for (const job of jobs) for (let copy = 0; copy < job.parallel; copy++) running.push(loop(job));
    },
    wake,
    async stop() {
      isStopping = true;
      for (const timer of soon.values()) clearTimeout(timer);
      endPauses(null);
      await Promise.allSettled(running);
    },
  };
}
