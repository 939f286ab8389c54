import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { emptyDatabaseUrl } from '#test/world/empty-database.ts';
import { runProgram } from '#test/world/run-program.ts';

const directory = new URL('../../migrations', import.meta.url).pathname;
const config = { directory, loadExtensions: ['.ts'], extension: 'ts' };
const names = readdirSync(directory)
  .filter((name) => name.endsWith('.ts'))
  .sort();

/** Every statement with LUCY_KILL_EVERY=1; otherwise a few, evenly spread, of which the first and the last are two. */
const KILLS = process.env.LUCY_KILL_EVERY ? Number.POSITIVE_INFINITY : 5;

/** The statements to die at, by their number. */
function chosen(count: number): number[] {
  const kills = Math.min(KILLS, count);
  return Array.from({ length: kills }, (_, index) => 1 + Math.round((index * (count - 1)) / (kills - 1)));
}

test('F39: killed at any statement, a migration leaves the schema before it, no lock, and the next start finishes it', async () => {
  const url = await emptyDatabaseUrl();
  // As a version before left it: some migrations ago, with a customer.
  const before = names.slice(0, -6);
  const old = openDatabase(url);
  for (const name of before) await old.knex.migrate.up({ ...config, name });
  await old.knex('customers').insert({ id: 'cust_1', email: 'sofia@firm.com', created_at: 1 });
  const applied = () => old.knex('knex_migrations').orderBy('name').pluck('name');

  const stuck: string[] = [];
  for (const at of chosen(await countStatements(before))) {
    const { signal, out } = await runProgram('migrate', [url, `#${at}`]);
    if (signal !== 'SIGKILL') stuck.push(`${at} was not reached: ${out}`);
    const now = await applied();
    if (now.length !== before.length)
      stuck.push(`killed at ${at}, ${now.length - before.length} migrations were kept`);
  }
  expect(stuck).toEqual([]);

  // Two at once, as after the power came back.
  const ended = await Promise.all([runProgram('migrate', [url]), runProgram('migrate', [url])]);
  expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(await applied()).toEqual(names);
  expect(await old.knex('customers').pluck('email')).toEqual(['sofia@firm.com']);
  expect(await old.knex('knex_migrations_lock').pluck('is_locked')).toEqual([0]);
  await old.close();
}, 240_000);

/** How many statements write, on a database of its own that gets to the end. */
async function countStatements(before: readonly string[]): Promise<number> {
  const url = await emptyDatabaseUrl();
  const twin = openDatabase(url);
  for (const name of before) await twin.knex.migrate.up({ ...config, name });
  await twin.close();
  const { out } = await runProgram('migrate', [url]);
  const count = Number(/^(\d+) statements/m.exec(out)?.[1]);
  if (!(count > 5)) throw new Error(`The migrations wrote ${count} times: ${out}`);
  return count;
}
