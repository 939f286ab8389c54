import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { findStanding } from '#db/product-customers.ts';
import { inTransaction } from '#db/transaction.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

test('what one process commits, the very next read of another tells, however often it was asked before', async () => {
  const { database, url } = await freshDatabase();
  const other = openDatabase(url, { poolMax: 2, busyTimeoutMs: 5_000 });
  try {
    await other.knex('customers').insert({ id: 'cust_1', email: 'sofia@firm.com', created_at: 1 });
    await other.knex('credit_accounts').insert({ id: 'acc_1', customer_id: 'cust_1', balance: 0 });
    const read = async () => (await findStanding(database.knex, { email: 'sofia@firm.com' }, 5))?.balance;

    for (let balance = 1; balance <= 30; balance++) {
      await other.knex('credit_accounts').update({ balance });
      expect(await read()).toBe(balance);
    }
    expect(await findStanding(database.knex, { id: 'cust_1' }, 5)).toMatchObject({ email: 'sofia@firm.com' });
    expect(await findStanding(database.knex, { productId: 'u-1' }, 5)).toBeUndefined();
    // In a transaction it is the transaction that is read.
    await inTransaction(database, async (sql) => {
      await sql('credit_accounts').update({ balance: 99 });
      expect((await findStanding(sql, { id: 'cust_1' }, 5))?.balance).toBe(99);
    });
  } finally {
    await other.close();
  }
});

test('a database that cannot answer gives its connection back, and says nothing of whom it was asked about', async () => {
  const { database } = await freshDatabase();
  await database.knex.schema.alterTable('credit_lots', (table) =>
    table.renameColumn('frozen_at', 'elsewhere'),
  );

  for (let time = 0; time < 12; time++) {
    const error = await findStanding(database.knex, { email: 'sofia@firm.com' }, 5).catch(
      (failed: Error) => failed,
    );
    expect(String(error)).toContain('frozen_at');
    expect(String(error)).not.toContain('sofia@');
  }
  expect(await database.knex('customers')).toEqual([]);
});
