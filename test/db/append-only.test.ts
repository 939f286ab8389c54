import { expect, test } from 'vitest';
import { testEngine } from '#test/world/fresh-database.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

const tables = ['audit_events', 'credit_entries', 'credit_allocations', 'entitlement_changes'];

async function withHistory() {
  const world = await sofiaWorld();
  await world.done('credits grant sofia@firm.com 100 --reason "lost upload"');
  await world.done('tier set sofia@firm.com pro --reason "trial"');
  return world;
}

test.each(tables)('%s can be neither changed nor deleted, whoever asks (row 36)', async (table) => {
  const { database } = await withHistory();
  const before = await database.knex(table);
  expect(before.length).toBeGreaterThan(0);
  const column = table === 'credit_allocations' ? 'amount' : table === 'audit_events' ? 'reason' : 'actor';
  const value = column === 'amount' ? 1 : 'somebody else';

  await expect(database.knex(table).update({ [column]: value })).rejects.toThrow(`${table} is append-only`);
  await expect(database.knex(table).delete()).rejects.toThrow(`${table} is append-only`);

  expect(await database.knex(table)).toEqual(before);
});

// The ways round an UPDATE or DELETE trigger that each engine has of its own.
const detour =
  testEngine === 'postgres'
    ? (table: string) => `truncate ${table} cascade`
    : (table: string) => `insert or replace into ${table} select * from ${table}`;

test.each(tables)('%s cannot be emptied or overwritten by a detour', async (table) => {
  const { database } = await withHistory();
  const before = await database.knex(table);

  await expect(database.knex.raw(detour(table))).rejects.toThrow('is append-only');

  expect(await database.knex(table)).toEqual(before);
});
