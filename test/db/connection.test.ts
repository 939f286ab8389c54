import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { freshDatabase, freshDatabaseUrl, testEngine } from '#test/world/fresh-database.ts';

// Postgres is durable by its own settings; on SQLite it is ours to ask for.
if (testEngine === 'sqlite') {
  test('SQLite is durable on every connection, also after the file is opened again', async () => {
    const url = await freshDatabaseUrl();
    for (const opening of ['first', 'second', 'third']) {
      const database = openDatabase(url);
      const pragma = async (name: string) => (await database.knex.raw(`pragma ${name}`))[0][name];

      expect(await pragma('synchronous'), opening).toBe(2);
      expect(await pragma('journal_mode'), opening).toBe('wal');
      expect(await pragma('foreign_keys'), opening).toBe(1);
      await database.close();
    }
  });

  test('a folder that cannot be made is told, and does not hang', () => {
    expect(() => openDatabase('sqlite:/dev/null/lucy.db')).toThrow('/dev/null');
    expect(() => openDatabase('sqlite:/proc/lucy/data/lucy.db')).toThrow(
      'could not be made for the database',
    );
  });
}

test('times and counts come back as the numbers they were, also beyond 32 bits', async () => {
  const { database } = await freshDatabase();
  const at = Date.UTC(2999, 0, 1);
  const row = {
    id: 'cust_1',
    email: 'a@b.c',
    name: null,
    email_verified_at: at,
    created_at: 9_007_199_254_740_991,
  };
  await database.knex('customers').insert(row);

  expect(await database.knex('customers')).toEqual([row]);
  expect(await database.knex('customers').sum({ total: 'email_verified_at' })).toEqual([{ total: at }]);
});

test('foreign keys and checks hold', async () => {
  const { database } = await freshDatabase();
  const link = {
    stripe_customer_id: 'cus_1',
    customer_id: 'cust_nobody',
    proof: 'staff',
    status: 'active',
    actor: 'x',
    created_at: 1,
  };

  await expect(database.knex('customer_links').insert(link)).rejects.toThrow(/foreign key/i);
  await database
    .knex('customers')
    .insert({ id: 'cust_1', email: 'a@b.c', name: null, email_verified_at: null, created_at: 1 });
  await expect(
    database.knex('customer_links').insert({ ...link, customer_id: 'cust_1', proof: 'a guess' }),
  ).rejects.toThrow(/check/i);
});

test('text keeps every character that people type', async () => {
  const { database } = await freshDatabase();
  const name = 'Zoë “O’Neil” 🐙 — \\n %s ? $1 ; drop table customers';
  await database
    .knex('customers')
    .insert({ id: 'cust_1', email: 'a@b.c', name, email_verified_at: null, created_at: 1 });

  expect((await database.knex('customers').first()).name).toBe(name);
});
