import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** Wakes no job: it tries the way. */
const TRIAL = 'trial';
const TRIAL_EVERY_MS = 5_000;

/**
 * Puts rings into the queue. At most one request is under way, and what is rung meanwhile waits as a set of names, so
 * that neither a slow Redis nor a burst grows anything. A name waits in Redis once, however often it is rung: its jobId
 * is taken until a worker has heard it.
 */
export function createRinger(
  redis: Redis,
  queueName: { name: string; prefix: string },
  told: { lost(error: unknown): void; found(): void },
) {
  const wanted = new Set<string>();
  let queue: Queue | null = null;
  let sending: Promise<void> | null = null;
  let isStopped = false;
  const { lost, found } = told;
  // Full, or hanging: nothing says so but a ring that fails, and nothing says that it is over but one that does not.
  const trying = setInterval(() => ring(TRIAL), TRIAL_EVERY_MS).unref();

  function open(): Queue {
    const opened = new Queue(queueName.name, {
      connection: redis,
      prefix: queueName.prefix,
      skipVersionCheck: true,
      skipMetasUpdate: true,
      streams: { events: { maxLen: 100 } },
    });
    opened.on('error', lost);
    return opened;
  }

  async function send(): Promise<void> {
    while (wanted.size > 0 && !isStopped) {
      const jobs = [...wanted].map((name) => ({
        name,
        data: {},
        opts: { jobId: `ring-${name}`, removeOnComplete: true, removeOnFail: true },
      }));
      wanted.clear();
      try {
        queue ??= open();
        await queue.addBulk(jobs);
        found();
      } catch (error) {
        // A queue whose first words to Redis failed never works again.
        void queue?.close().catch(() => {});
        queue = null;
        if (!isStopped) lost(error);
        return;
      }
    }
  }

  function ring(job: string): void {
    // Away: the poll finds it, and nothing is kept for later.
    if (isStopped || redis.status !== 'ready') return;
    wanted.add(job);
    sending ??= send().finally(() => {
      sending = null;
    });
  }

  return {
    ring,
    async stop(): Promise<void> {
      isStopped = true;
      clearInterval(trying);
      await sending;
      await queue?.close().catch(() => {});
    },
  };
}
