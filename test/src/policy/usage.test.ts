import { expect, test } from 'vitest';
import { deletePolicyUsageBefore } from '#db/policy-usage.ts';
import { inTransaction } from '#db/transaction.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { addUsage, dayOf, holdUsage, readUsage } from '#src/policy/usage.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { runProgram } from '#test/world/run-program.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

test('what was done counts for the person and for the customer, by command and by UTC day', async () => {
  const { knex } = (await freshDatabase()).database;
  const grant = (person: string, customer: string | null, credits: number, now = noon) =>
    addUsage(knex, now, person, customer, 'credits grant', { credits });
  await grant('sam', 'cust_sofia', 100);
  await grant('sam', 'cust_other', 50);
  await grant('bea', 'cust_sofia', 7);
  await grant('sam', 'cust_sofia', 1_000, noon - DAY_MS);
  await addUsage(knex, noon, 'sam', 'cust_sofia', 'refund request', {
    money: { amount: 250, currency: 'usd' },
  });
  await addUsage(knex, noon, 'sam', 'cust_sofia', 'refund request', {
    money: { amount: 9, currency: 'jpy' },
  });

  expect(await readUsage(knex, noon, ['sam'], 'cust_sofia', 'credits grant')).toEqual({
    person: { credits: 150, runs: 2, money: {} },
    customer: { credits: 107, runs: 2, money: {} },
  });
  expect(await readUsage(knex, noon, ['sam'], null, 'refund request')).toEqual({
    person: { credits: 0, runs: 2, money: { usd: 250, jpy: 9 } },
    customer: null,
  });
  expect((await readUsage(knex, noon + DAY_MS, ['sam'], 'cust_sofia', 'credits grant')).person.runs).toBe(0);
});

test('a day begins at midnight UTC, to the millisecond', () => {
  const midnight = Date.parse('2026-11-22T00:00:00Z');

  expect([dayOf(midnight - 1), dayOf(midnight)]).toEqual(['2026-11-21', '2026-11-22']);
});

test('looking without holding writes nothing down, and holding alone counts nothing', async () => {
  const { database } = await freshDatabase();
  await readUsage(database.knex, noon, ['sam'], 'cust_sofia', 'credits grant');
  expect(await database.knex('policy_usage')).toEqual([]);

  const held = await inTransaction(database, (sql) =>
    holdUsage(sql, noon, ['sam'], 'cust_sofia', 'credits grant'),
  );

  expect(held).toEqual({
    person: { credits: 0, runs: 0, money: {} },
    customer: { credits: 0, runs: 0, money: {} },
  });
  expect(await readUsage(database.knex, noon, ['sam'], 'cust_sofia', 'credits grant')).toEqual(held);
});

test('of two confirmations that fit alone and not together, the second sees the first', async () => {
  const { database } = await freshDatabase();
  const seen: number[] = [];
  const confirm = () =>
    inTransaction(database, async (sql) => {
      const { person } = await holdUsage(sql, noon, ['sam'], null, 'credits grant');
      await new Promise((resolve) => setTimeout(resolve, 30));
      await addUsage(sql, noon, 'sam', null, 'credits grant', { credits: 100 });
      seen.push(person.credits);
    });

  await Promise.all([confirm(), confirm(), confirm()]);

  expect(seen.sort()).toEqual([0, 100, 200]);
});

test('three processes together never go beyond the day’s limit, and use it up', async () => {
  const { database, url } = await freshDatabase();

  const ended = await Promise.all(
    [1, 2, 3].map(() => runProgram('grant-within-a-day', [url, String(noon), '15', '300', '3'])),
  );

  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(ended.reduce((sum, { out }) => sum + Number(out), 0)).toBe(30);
  const usage = await readUsage(database.knex, noon, ['sam'], 'cust_sofia', 'credits grant');
  expect(usage.customer?.credits).toBe(300);
});

test('what was rolled back does not count', async () => {
  const { database } = await freshDatabase();
  const failing = inTransaction(database, async (sql) => {
    await holdUsage(sql, noon, ['sam'], null, 'credits grant');
    await addUsage(sql, noon, 'sam', null, 'credits grant', { credits: 100 });
    throw new Error('the grant failed');
  });

  await expect(failing).rejects.toThrow('the grant failed');
  expect((await readUsage(database.knex, noon, ['sam'], null, 'credits grant')).person.credits).toBe(0);
});

test('old days are cleaned away, today never', async () => {
  const { knex } = (await freshDatabase()).database;
  for (const daysAgo of [0, 6, 7, 8])
    await addUsage(knex, noon - daysAgo * DAY_MS, 'sam', null, 'credits grant', { credits: 1 });

  await deletePolicyUsageBefore(knex, dayOf(noon - 7 * DAY_MS));

  const days = await knex('policy_usage').where({ measure: 'runs' }).orderBy('day').pluck('day');
  expect(days).toEqual(['2026-11-14', '2026-11-15', '2026-11-21']);
});
