import { expect, test } from 'vitest';
import { HOUR_MS, SECOND_MS } from '#src/core/clock.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

const soon = testStart + HOUR_MS;
const later = testStart + 2 * HOUR_MS;
const payment = (paymentId: string) => ({ paymentId, subscriptionId: null, periodEnd: null });

test('the same key with the same content returns the first entry; with another it is a conflict (row 37)', async () => {
  const { grant, spend, balance } = await ledgerWorld();
  const first = await grant(100, { key: 'inv:1:grant', sourceId: 'in_1' });

  const again = await grant(100, { key: 'inv:1:grant', sourceId: 'in_1' });

  expect(again).toEqual({ entry: first.entry, isNew: false });
  await expect(grant(200, { key: 'inv:1:grant', sourceId: 'in_1' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(spend(100, 'inv:1:grant')).rejects.toMatchObject({ code: 'conflict' });
  expect(await balance()).toBe(100);
});

test('a key is unique for ever, not for a day', async () => {
  const { grant, balance } = await ledgerWorld();
  await grant(100, { key: 'inv:1:grant', sourceId: 'in_1' });

  const muchLater = await grant(
    100,
    { key: 'inv:1:grant', sourceId: 'in_1' },
    testStart + 400 * 24 * HOUR_MS,
  );

  expect(muchLater.isNew).toBe(false);
  expect(await balance()).toBe(100);
});

test('a usage that is sent again is one debit (row 47)', async () => {
  const { grant, spend, balance } = await ledgerWorld();
  await grant(10);

  await spend(7, 'usage:req-1');
  const again = await spend(7, 'usage:req-1');

  expect(again.isNew).toBe(false);
  expect(await balance()).toBe(3);
});

test('gifts go before what was paid, of those the first to lapse, of those the oldest (row 39)', async () => {
  const { grant, spend, lots } = await ledgerWorld();
  await grant(10, { sourceId: 'paid', sourceKind: 'payment', payment: payment('in_1'), expiresAt: soon });
  await grant(10, { sourceId: 'gift-for-ever' });
  await grant(10, { sourceId: 'gift-later', expiresAt: later });
  await grant(10, { sourceId: 'gift-soon', expiresAt: soon });

  await spend(15, 'usage:1');
  expect(await lots()).toEqual({ paid: 10, 'gift-for-ever': 10, 'gift-later': 5, 'gift-soon': 0 });

  await spend(20, 'usage:2');
  expect(await lots()).toEqual({ paid: 5, 'gift-for-ever': 0, 'gift-later': 0, 'gift-soon': 0 });
});

test('a lot lapses at its very second, and not one earlier', async () => {
  const { grant, spend, balance, lots, database } = await ledgerWorld();
  await grant(10, { sourceId: 'gift', expiresAt: soon });
  await grant(10, { sourceId: 'kept' });

  await spend(1, 'usage:before', soon - SECOND_MS);
  expect(await lots()).toEqual({ gift: 9, kept: 10 });

  await expect(spend(11, 'usage:at', soon)).rejects.toMatchObject({ code: 'insufficient' });
  await spend(10, 'usage:rest', soon);
  expect(await lots()).toEqual({ gift: 0, kept: 0 });
  expect(await balance()).toBe(0);
  expect(await database.knex('credit_entries').where({ type: 'expire' })).toMatchObject([{ amount: -9 }]);
});

test('an entry says which lots it drew on, and a balance is what its entries and lots add up to (rows 44, 46)', async () => {
  const { grant, spend, database } = await ledgerWorld();
  await grant(5, { sourceId: 'first' });
  await grant(5, { sourceId: 'second' });

  const { entry } = await spend(7, 'usage:1');

  const drawn = await database
    .knex('credit_allocations as a')
    .join('credit_lots as l', 'l.id', 'a.lot_id')
    .where('a.entry_id', entry.id)
    .orderBy('l.id')
    .select('l.source_id', 'a.amount');
  expect(drawn).toEqual([
    { source_id: 'first', amount: -5 },
    { source_id: 'second', amount: -2 },
  ]);
  expect(await proveLedger(database.knex, testCause())).toBe(0);
});

test.each([
  ['credit_accounts', { balance: -1 }],
  ['credit_accounts', { debt: -1 }],
  ['credit_accounts', { held: 11 }],
  ['credit_lots', { remaining: -1 }],
  ['credit_lots', { remaining: 11 }],
])('the database itself refuses %s %j (row 40)', async (table, patch) => {
  const { grant, database } = await ledgerWorld();
  await grant(10);

  await expect(database.knex(table).update(patch)).rejects.toThrow(/check/i);
});

test('spending a frozen lot is not possible', async () => {
  const { grant, spend, database } = await ledgerWorld();
  await grant(10);
  await database.knex('credit_lots').update({ frozen_at: testStart });

  await expect(spend(1, 'usage:1')).rejects.toMatchObject({ code: 'insufficient' });
});
