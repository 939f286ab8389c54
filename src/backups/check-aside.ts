import { sqliteFileOf } from '#db/backup-sqlite.ts';
import type { Database } from '#db/connection.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { createSideThread } from '#src/core/side-thread.ts';
import { checkRestored, type Proof } from './check-restored.ts';

const checkInThread = createSideThread<{ file: string; now: number }, Proof>(
  new URL('./check-thread.ts', import.meta.url),
  HOUR_MS,
);

/**
 * Checks a restored copy without holding up anything else: SQLite answers within the turn, and takes seconds to read
 * through a few hundred megabytes, while Slack and Stripe wait for their answers. Postgres works in its own process.
 */
export async function checkAside(database: Database, now: number): Promise<Proof> {
  if (database.engine === 'postgres') return checkRestored(database, now);
  return checkInThread({ file: sqliteFileOf(database.knex), now });
}
