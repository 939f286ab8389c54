import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';

const row = { id: 'cust_1', email: 'a@b.c', name: null, email_verified_at: null, created_at: 1 };

/** What `pg` and Postgres say when a server restarts. */
const cuts = [
  { code: '57P01', message: 'terminating connection due to administrator command' },
  { code: '57P03', message: 'the database system is starting up' },
  { code: '08006', message: 'connection failure' },
  { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
  { message: 'Connection terminated unexpectedly' },
];

test.each(cuts)(
  'cut off before the commit ($message), the work is done again',
  async ({ message, ...more }) => {
    const { database } = await freshDatabase();
    let tries = 0;

    await inTransaction(database, async (sql) => {
      await sql('customers').insert(row);
      if (++tries === 1) throw Object.assign(new Error(message), more);
    });

    expect(tries).toBe(2);
    expect(await database.knex('customers')).toHaveLength(1);
  },
);

test.skipIf(testEngine === 'sqlite')(
  'a backend that is terminated under the work costs a second try',
  async () => {
    const { database } = await freshDatabase();
    let tries = 0;

    await inTransaction(database, async (sql) => {
      await sql('customers').insert(row);
      if (++tries > 1) return;
      const { rows } = await sql.raw('select pg_backend_pid() as pid');
      await database.knex.raw('select pg_terminate_backend(?)', [rows[0].pid]);
      await sql('customers').update({ name: 'late' });
    });

    expect(tries).toBe(2);
    expect(await database.knex('customers')).toMatchObject([{ name: null }]);
  },
);

test('cut off in the midst of the commit, it is told and not done again', async () => {
  const { database } = await freshDatabase();
  let tries = 0;
  const { knex } = database;
  const lost = Object.assign(async (work: (trx: never) => Promise<unknown>) => {
    await knex.transaction(work as never);
    throw Object.assign(new Error('Connection terminated unexpectedly'));
  });

  const done = inTransaction({ ...database, knex: { transaction: lost } as never }, async (sql) => {
    tries++;
    await sql('customers').insert(row);
  });

  await expect(done).rejects.toThrow('Connection terminated');
  expect(tries).toBe(1);
  expect(await knex('customers')).toHaveLength(1);
});
