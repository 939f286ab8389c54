import { Worker } from 'bullmq';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { Doorbell } from './doorbell.ts';
import { connectRedis, listenerOptions } from './redis-connection.ts';
import { createRinger } from './redis-ringer.ts';

const QUEUE = 'doorbell';
/** Beside whatever else lies in this Redis. */
const PREFIX = 'lucy';
/** A listener that dies with a ring in its hand silences that one name for so long; polls go on meanwhile. */
const LOCK_MS = 5_000;

/**
 * BullMQ on Redis as the doorbell (docs.bullmq.io, docs/decisions/0019). Loaded only where REDIS_URL is set.
 *
 * @param onRing null for a process that rings and listens to nobody
 */
export function createRedisDoorbell(options: {
  url: string;
  log: Log;
  onRing: ((job: string) => void) | null;
}): Doorbell {
  const { url, log, onRing } = options;
  let problem: string | null = 'it has not answered yet';
  let isTold = false;

  /** Once when it goes and once when it is back, however often it is tried in between. */
  function lost(error: unknown): void {
    problem = errorMessage(error);
    if (isTold) return;
    isTold = true;
    log.warn(
      { event: 'redis_away', problem },
      'Redis cannot be used, so workers find their work by looking for it; nothing is lost',
    );
  }
  function found(): void {
    problem = null;
    if (isTold) log.info({ event: 'redis_back' }, 'Redis is back, so workers are rung up again');
    isTold = false;
  }

  const redis = connectRedis(url);
  redis.on('error', lost);
  redis.on('close', () => lost(new Error(problem ?? 'the connection ended')));
  redis.on('ready', found);
  const ringer = createRinger(redis, { name: QUEUE, prefix: PREFIX }, { lost, found });
  const listener = onRing ? listen(url, onRing, lost) : null;

  return {
    ring: ringer.ring,
    state: () =>
      problem === null
        ? { state: 'ok', detail: 'Redis answers.' }
        : {
            state: 'degraded',
            detail: `Redis cannot be used (${withoutAddress(problem)}); work is found by looking for it, and nothing is lost.`,
          },
    async stop() {
      // Forced: the ring that is being heard costs nothing to lose, and a hanging Redis must not hold up a stop.
      await listener?.close(true).catch(() => {});
      await ringer.stop();
      redis.disconnect();
    },
  };
}

function listen(url: string, onRing: (job: string) => void, lost: (error: unknown) => void): Worker {
  const worker = new Worker(QUEUE, async (job) => onRing(job.name), {
    connection: listenerOptions(url),
    prefix: PREFIX,
    skipVersionCheck: true,
    lockDuration: LOCK_MS,
    stalledInterval: LOCK_MS,
    runRetryDelay: 1_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', lost);
  return worker;
}

/** `/health` is read by strangers: not where Redis is. */
function withoutAddress(problem: string): string {
  return /\b(E[A-Z]{4,}|WRONGPASS|NOAUTH|OOM|READONLY|LOADING|NOPERM)\b/.exec(problem)?.[0] ?? 'no answer';
}
