import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { migrate, NewerDatabaseError } from '#db/migrate.ts';
import { emptyDatabaseUrl } from '#test/world/empty-database.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { runProgram } from '#test/world/run-program.ts';

function open(url: string): Database {
  const database = openDatabase(url);
  onTestFinished(() => database.close());
  return database;
}

test('an empty database is migrated, its folder is made, and doing it again changes nothing', async () => {
  const database = open(await emptyDatabaseUrl());

  const first = await migrate(database);
  const second = await migrate(database);

  expect(first.length).toBeGreaterThan(5);
  expect(second).toEqual([]);
  expect(await database.knex('customers')).toEqual([]);
});

test('two processes that migrate one empty database at once both succeed', async () => {
  const url = await emptyDatabaseUrl();
  // The file must be there before two processes race for it; making it is not what is tested.
  await open(url).knex.raw('select 1');

  const ended = await Promise.all([runProgram('migrate', [url]), runProgram('migrate', [url])]);

  expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
  const names = await open(url).knex('knex_migrations').pluck('name');
  expect(new Set(names).size).toBe(names.length);
});

test('a migration killed in the middle leaves nothing behind, and the next start finishes it', async () => {
  const url = await emptyDatabaseUrl();

  const killed = await runProgram('migrate', [url, 'credit_allocations']);

  expect(killed.signal).toBe('SIGKILL');
  const database = open(url);
  expect(await database.knex.schema.hasTable('customers')).toBe(false);
  expect((await migrate(database)).length).toBeGreaterThan(5);
});

test('a database that a newer Lucy wrote is refused and left as it is', async () => {
  const { database } = await freshDatabase();
  const future = '29991231T235959_create_tomorrow.ts';
  await database.knex('knex_migrations').insert({ name: future, batch: 2, migration_time: new Date() });

  const refusal = await migrate(database).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(NewerDatabaseError);
  expect(String(refusal)).toContain(future);
  expect(String(refusal)).toContain('Start that version, or restore a backup');
});

test('every migration can be taken back, and runs again after it', async () => {
  const { database } = await freshDatabase();
  const directory = new URL('../../migrations', import.meta.url).pathname;
  const config = { directory, loadExtensions: ['.ts'], extension: 'ts' };

  await database.knex.migrate.rollback(config, true);
  expect(await database.knex.schema.hasTable('customers')).toBe(false);

  expect((await migrate(database)).length).toBeGreaterThan(5);
});
