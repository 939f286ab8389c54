import { expect, test } from 'vitest';
import { planParts } from '#src/reconciliation/plan-parts.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { listedStripe } from '#test/world/listed-stripe.ts';
import { readToTheEnd } from '#test/world/read-to-the-end.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';
import { testStart } from '#test/world/test-clock.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

type Sql = Awaited<ReturnType<typeof freshDatabase>>['database']['knex'];

async function mirror(sql: Sql, mode: string, createdAt: readonly number[]): Promise<void> {
  const rows = createdAt.map((at, index) => ({
    id: `sub_${index}`,
    mode,
    stripe_customer_id: `cus_sub_${index}`,
    status: 'canceled',
    items: '[]',
    ended_at: at,
    created_at: at,
    fetched_at: testStart - HOUR_MS,
  }));
  await sql.batchInsert('subscriptions', rows, 50);
}

/** Each an hour before the one that came before it in the list. */
const hourly = (count: number) => Array.from({ length: count }, (_none, n) => testStart - (n + 1) * HOUR_MS);

const everything = { from: 0, before: testStart };

test('a list is divided where a page of the mirror ends, in parts of one length, without a gap', async () => {
  const { database } = await freshDatabase();
  const createdAt = hourly(2_050);
  await mirror(database.knex, 'test', createdAt);
  const ranges = await planParts(database.knex, { mode: 'test', mirrored: 2_050, ...everything }, 5);

  const rows = ranges.map(({ from, before }) => createdAt.filter((at) => at >= from && at < before).length);
  expect(rows).toEqual([500, 500, 500, 500, 50]);
  expect(ranges[0]?.before).toBe(testStart);
  expect(ranges.at(-1)?.from).toBe(0);
  for (const [index, { from }] of ranges.entries())
    if (index < ranges.length - 1) expect(ranges[index + 1]?.before).toBe(from);
});

test('those of one second stay together, and a part that they would overfill ends before them', async () => {
  const { database } = await freshDatabase();
  const rush = Array.from({ length: 150 }, () => testStart - 300 * HOUR_MS);
  const createdAt = [...hourly(180), ...rush, ...hourly(600).slice(300)];
  await mirror(database.knex, 'test', createdAt);
  const ranges = await planParts(database.knex, { mode: 'test', mirrored: 630, ...everything }, 4);

  const rows = ranges.map(({ from, before }) => createdAt.filter((at) => at >= from && at < before).length);
  expect(rows).toEqual([180, 200, 200, 50]);
});

test('without a mirror, or with one of the other mode alone, it is one part; and one second is not divided', async () => {
  const { database } = await freshDatabase();
  const plan = (mirrored: number) => planParts(database.knex, { mode: 'test', mirrored, ...everything }, 8);
  expect(await plan(0)).toEqual([everything]);
  await mirror(database.knex, 'live', hourly(700));
  expect(await plan(700)).toEqual([everything]);
  await database.knex('subscriptions').delete();
  const second = testStart - HOUR_MS;
  await mirror(
    database.knex,
    'test',
    Array.from({ length: 700 }, () => second),
  );
  const [first, ...others] = await plan(700);
  expect(
    [first, ...others].flatMap((range) =>
      range && range.from <= second && second < range.before ? [range] : [],
    ),
  ).toHaveLength(1);
  expect(others.length).toBeLessThanOrEqual(1);
});

test.each([
  ['right', (at: number) => at, 60],
  ['wrong about the time of each', (at: number) => at - 200 * HOUR_MS, 60 + 2 * 16],
])(
  'with a mirror that is %s, everything is read, in hardly more calls than it must',
  async (_how, moved, most) => {
    const createdAt = hourly(6_000);
    const world = await reconcileWorld({ reconcile: { requests_per_second: 100, parallel: 8 } });
    await mirror(
      world.database.knex,
      world.recon.mode,
      createdAt.map((at) => moved(at)),
    );
    const listed = listedStripe(world.recon.stripe, createdAt);
    expect(await readToTheEnd(world, listed)).toEqual({ state: 'done', seen: 6_000 });
    // One of them for what is older than the account.
    expect(listed.calls.length).toBeLessThanOrEqual(most + 1);
  },
);
