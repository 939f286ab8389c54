import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';
import { runProgram } from '#test/world/run-program.ts';

test('two processes that read and then write lose nothing', async () => {
  const { database, url, customerId, grant } = await ledgerWorld();
  await grant(1);
  const before = (await database.knex('credit_accounts').first()).next_seq;

  const ended = await Promise.all([1, 2].map(() => runProgram('count-up', [url, customerId, '60'])));

  expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect((await database.knex('credit_accounts').first()).next_seq).toBe(before + 120);
});

test('what fails is rolled back whole, and the error is told', async () => {
  const { database } = await freshDatabase();
  const row = { id: 'cust_1', email: 'a@b.c', name: null, email_verified_at: null, created_at: 1 };

  const work = inTransaction(database, async (sql) => {
    await sql('customers').insert(row);
    throw new Error('changed my mind');
  });

  await expect(work).rejects.toThrow('changed my mind');
  expect(await database.knex('customers')).toEqual([]);
});

test('a transient failure is tried again, with nothing of the first try left', async () => {
  const { database } = await freshDatabase();
  const row = { id: 'cust_1', email: 'a@b.c', name: null, email_verified_at: null, created_at: 1 };
  let tries = 0;

  await inTransaction(database, async (sql) => {
    await sql('customers').insert(row);
    if (++tries < 3) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  });

  expect(tries).toBe(3);
  expect(await database.knex('customers')).toHaveLength(1);
});

test('a mistake is not tried again', async () => {
  const { database } = await freshDatabase();
  let tries = 0;

  const work = inTransaction(database, async (sql) => {
    tries++;
    await sql('no_such_table').insert({ id: 1 });
  });

  await expect(work).rejects.toThrow();
  expect(tries).toBe(1);
});
