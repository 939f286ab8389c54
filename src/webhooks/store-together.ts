import type { Database } from '#db/connection.ts';
import { type IncomingEvent, storeEvents } from '#db/event-intake.ts';
import { shareCalls } from '#src/core/share-calls.ts';

const BATCH_MAX = 500;
const ATTEMPTS_MAX = 8;

/** Group commit: durability costs one sync per batch of events instead of one per request. */
export function createEventStore(database: Database): (event: IncomingEvent) => Promise<void> {
  return shareCalls<IncomingEvent, void>(BATCH_MAX, async (events) => {
    await storeWithRetry(database, events);
    return events.map(() => ({ answer: undefined }));
  });
}

/** Another process may hold the lock for a moment; Stripe waits longer than that. Then it is a 503, never a lie. */
async function storeWithRetry(database: Database, events: readonly IncomingEvent[]): Promise<void> {
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
