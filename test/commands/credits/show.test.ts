import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { grantCredits } from '#src/credits/grant.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';
import { testCause } from '#test/world/test-cause.ts';

test('a customer who never had credits has a plain answer', async () => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy('credits show sofia@firm.com');

  expect(typed.out).toContain('sofia@firm.com has 0 credits.');
  expect(typed.out).toContain('None: there is nothing to spend.');
});

test('lots stand in the order in which they are spent, with their source and expiry', async () => {
  const { lucy, done, rows, database, clock } = await sofiaWorld();
  const [customer] = await rows<{ id: string }>('customers');
  const paid = (key: string, expiresAt: number | null) =>
    inTransaction(database, (sql) =>
      grantCredits(sql, testCause(clock.now()), {
        customerId: customer?.id ?? '',
        amount: 50,
        key: `inv:${key}:grant`,
        sourceKind: 'payment',
        sourceId: key,
        payment: { paymentId: key, subscriptionId: null, periodEnd: null },
        expiresAt,
      }),
    );
  await paid('in_never', null);
  await paid('in_soon', clock.now() + DAY_MS);
  await done('credits grant sofia@firm.com 10 --reason "goodwill"');
  await done('credits consume sofia@firm.com 15 --reason "used"');

  const shown = await lucy('credits show sofia@firm.com');
  const json = (await lucy('credits show sofia@firm.com --json')).json();

  expect(json).toMatchObject({
    balance: 95,
    spendable: 95,
    lots: [
      { sourceId: 'in_soon', remaining: 45, granted: 50, expiresAt: '2026-11-22T09:00:00.000Z' },
      { sourceId: 'in_never', remaining: 50, expiresAt: null },
    ],
    entries: [{ type: 'spend', amount: -15, reason: 'used' }, { type: 'grant' }, {}, {}],
  });
  expect(shown.out).toContain('paid with in_soon');
  clock.advance(DAY_MS);
  expect((await lucy('credits show sofia@firm.com --json')).json()).toMatchObject({
    balance: 95,
    spendable: 50,
  });
});

test('debt is shown and explained', async () => {
  const { lucy, done, database } = await sofiaWorld();
  await done('credits grant sofia@firm.com 5 --reason "goodwill"');
  await database.knex('credit_accounts').update({ debt: 30 });

  const typed = await lucy('credits show sofia@firm.com');

  expect(typed.out).toContain('30 credits of a refunded payment had been spent already.');
  expect((await lucy('credits show sofia@firm.com --json')).json()).toMatchObject({ balance: 5, debt: 30 });
});

test('only ten entries are shown, newest first', async () => {
  const { lucy, done } = await sofiaWorld();
  for (let count = 1; count <= 12; count++)
    await done(`credits grant sofia@firm.com ${count} --reason "number ${count}"`);

  const { entries } = (await lucy('credits show sofia@firm.com --json')).json<{
    entries: { amount: number }[];
  }>();

  expect(entries.map((entry) => entry.amount)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
});

test('an unknown customer exits 5, someone without any role 3', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy('credits show nobody@firm.com')).code).toBe(5);
  expect((await lucy('credits show sofia@firm.com', staff())).code).toBe(3);
});
