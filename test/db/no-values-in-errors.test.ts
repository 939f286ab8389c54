import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createLog } from '#src/core/log.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';
import { importWorld } from '#test/world/import-world.ts';

const secret = 'secret.person@firm.com';
const customer = {
  id: 'cust_1',
  email: secret,
  name: 'Secret Person',
  email_verified_at: null,
  created_at: 1,
};

test('an insert that the database refuses says which table and constraint, and none of its values', async () => {
  const { database } = await freshDatabase();
  await database.knex('customers').insert(customer);

  for (const failing of [
    () => database.knex('customers').insert(customer),
    () => database.knex('customers').insert({ ...customer, id: 'cust_2' }),
    () => database.knex('customers').insert({ ...customer, id: 'cust_2', created_at: null }),
    () => database.knex.transaction((sql) => sql('customers').insert(customer)),
  ]) {
    const error = await failing().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/customers/);
    expectNoValues(error);
  }
});

test('what a log writes of a failed statement holds none of its values either', async () => {
  const { database } = await freshDatabase();
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  await database.knex('customers').insert(customer);

  await database
    .knex('customers')
    .insert({ ...customer, id: 'cust_2' })
    .catch((error: unknown) => log.error({ err: error }, (error as Error).message));
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/secret/i);
});

if (testEngine === 'sqlite') {
  test('a file whose keeping fails is told without a word of it', async () => {
    const world = await importWorld();
    await world.customers(secret);
    await world.database.knex.raw(
      "create trigger no_files before insert on files begin select raise(abort, 'disk I/O error'); end",
    );
    const path = await world.file('x.csv', `email,credits,reason\n${secret},5,"divorce, needs refund"`);

    const { code, out, err } = await world.lucy(`credits import ${path} --reason "outage" --yes`);
    expect(code).toBe(1);
    expect(out + err + JSON.stringify(world.logs)).not.toMatch(/secret|divorce/);
  });
}

if (testEngine === 'postgres') {
  test('a value of the wrong type is not quoted', async () => {
    const { database } = await freshDatabase();
    const error = await database
      .knex('customers')
      .where({ created_at: secret })
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    expect((error as Error).message).toMatch(/invalid input syntax for type bigint/);
    expectNoValues(error);
  });
}

function expectNoValues(error: unknown): void {
  expect((error as Error).stack).not.toMatch(/secret/i);
  expect(inspect(error, { depth: 5, showHidden: true })).not.toMatch(/secret/i);
}
