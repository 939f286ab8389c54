import type { Database } from '#db/connection.ts';

const LOOK_EVERY_MS = 25;
const PATIENCE_MS = 15_000;

/**
 * Does something that Slack delivers, and waits until Lucy has answered it: after the acknowledgement that takes as long
 * as it takes.
 */
export async function answered<T>({ database }: { database: Database }, act: () => Promise<T>): Promise<T> {
  const count = async (answer: 'any' | 'given') => {
    const rows = database.knex('slack_deliveries');
    const row = await (answer === 'given' ? rows.whereNotNull('answer') : rows).count({ total: '*' }).first();
    return Number(row?.total ?? 0);
  };
  const before = await count('any');
  const done = await act();
  for (let looks = 0; looks < PATIENCE_MS / LOOK_EVERY_MS; looks++) {
    if ((await count('given')) > before) return done;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('Lucy has not answered');
}
