import type { Database } from '#db/connection.ts';
import { type IncomingEvent, storeEvents } from '#db/event-intake.ts';

const BATCH_MAX = 500;
const ATTEMPTS_MAX = 8;

type Waiting = { event: IncomingEvent; done(): void; failed(error: unknown): void };

/**
 * Group commit: the events that arrive in one turn of the event loop, or while a commit runs, share the next one.
 * Each caller is answered only after the commit that holds its event, so durability costs one sync per batch instead
 * of one per request.
 */
export function createEventStore(database: Database): (event: IncomingEvent) => Promise<void> {
  let waiting: Waiting[] = [];
  let isRunning = false;

  return (event) =>
    new Promise((resolve, reject) => {
      waiting.push({ event, done: resolve, failed: reject });
      if (isRunning) return;
      isRunning = true;
      setImmediate(flush);
    });

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_MAX);
      waiting = waiting.slice(BATCH_MAX);
      try {
        await storeWithRetry(
          database,
          batch.map(({ event }) => event),
        );
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
      // What came in meanwhile shares the next commit.
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
  }
}

/** Another process may hold the lock for a moment; Stripe waits longer than that. Then it is a 503, never a lie. */
async function storeWithRetry(database: Database, events: IncomingEvent[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storeEvents(database, events);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (attempt >= ATTEMPTS_MAX || !/^(SQLITE_BUSY|SQLITE_LOCKED|40001|40P01)/.test(code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt * (0.5 + Math.random())));
    }
  }
}
