import { expect, test } from 'vitest';
import { findProductRead, putProductReads } from '#db/product-reads.ts';
import { apiWorld } from '#test/world/api-world.ts';

const entitlements = '/api/entitlements?email=sofia@firm.com';

test('reading writes nothing at once, and the latest of each customer a little later', async () => {
  const { call, flushReads, rows, grant, clock } = await apiWorld();
  await call('GET', entitlements);
  await grant(7);
  clock.advance(10);
  await call('GET', entitlements);
  expect(await rows('product_reads')).toEqual([]);

  await flushReads();

  expect(await rows('product_reads')).toMatchObject([
    { tier: 'free', access: 'full', balance: 7, read_at: clock.now() },
  ]);
  await flushReads();
  expect(await rows('product_reads')).toHaveLength(1);
});

test('a customer whom nobody knows leaves nothing', async () => {
  const { call, flushReads, rows } = await apiWorld();

  expect((await call('GET', '/api/entitlements?email=nobody@firm.com')).status).toBe(404);
  await flushReads();

  expect(await rows('product_reads')).toEqual([]);
});

test('a process that writes late does not overwrite a later read', async () => {
  const { database } = await apiWorld();
  const read = { customer_id: 'cust_1', tier: 'pro', access: 'full', balance: 1 };
  await putProductReads(database.knex, [{ ...read, read_at: 2_000 }]);
  await putProductReads(database.knex, [{ ...read, read_at: 1_000, tier: 'free' }]);

  expect(await findProductRead(database.knex, 'cust_1')).toMatchObject({ read_at: 2_000, tier: 'pro' });
});

test('a database that is away costs the product nothing', async () => {
  const { call, flushReads, database } = await apiWorld();
  await call('GET', entitlements);
  await database.knex.schema.renameTable('product_reads', 'elsewhere');

  await flushReads();

  expect((await call('GET', entitlements)).status).toBe(200);
  await database.knex.schema.renameTable('elsewhere', 'product_reads');
});
