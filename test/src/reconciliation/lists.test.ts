import { expect, test } from 'vitest';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { listedStripe } from '#test/world/listed-stripe.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';
import { testStart } from '#test/world/test-clock.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;

/** When subscriptions were made, in years of a firm that grows, in a rush, and all at the same time. */
const histories: Record<string, number[]> = {
  'a firm that grows': Array.from(
    { length: 6_000 },
    (_none, n) => testStart - DAY_MS * 2_000 * (1 - Math.sqrt((n + 1) / 6_001)),
  ),
  'two rushes with years between': [
    ...Array.from({ length: 1_500 }, (_none, n) => testStart - DAY_MS - n * SECOND_MS),
    ...Array.from({ length: 1_500 }, (_none, n) => testStart - 1_500 * DAY_MS - n * SECOND_MS),
  ],
  'an import of one second': Array.from({ length: 1_234 }, () => testStart - 30 * DAY_MS),
  'hardly any': [testStart - DAY_MS],
  none: [],
};

async function listedWorld(createdAt: readonly number[], reconcile: object = {}) {
  const world = await reconcileWorld({ reconcile: { requests_per_second: 100, ...reconcile } });
  const listed = listedStripe(world.recon.stripe, createdAt);
  const recon = { ...world.recon, stripe: listed.gateway };
  const begun = await world.as('bea', 'reconcile run --reason "a test" --json');
  const id = begun.json<{ reconciliation: string }>().reconciliation;
  const state = async () => (await world.database.knex('reconcile_runs').where({ id }).first('state')).state;
  const carryAll = async (carrier = createCarrier(recon)) => {
    for (let looks = 0; (await state()) === 'running' || (await state()) === 'waiting'; looks++) {
      if (looks > 1_000) throw new Error('It never came to its end');
      if ((await carrier.carry()) === 0) world.clock.advance(SECOND_MS);
    }
  };
  const seen = async () =>
    Number(
      (
        await world.database
          .knex('reconcile_shards')
          .where({ run_id: id, list: 'subscriptions' })
          .sum({ n: 'seen' })
          .first()
      )?.n,
    );
  return { ...world, listed, recon, id, state, carryAll, seen };
}

test.each(Object.entries(histories))(
  '%s: everything is read, in at most twice the calls that it must take',
  async (_name, createdAt) => {
    const { listed, carryAll, seen, state, database } = await listedWorld(createdAt);

    await carryAll();

    expect(await state()).toBe('done');
    expect(await seen()).toBe(createdAt.length);
    const least = Math.max(1, Math.ceil(createdAt.length / 100));
    expect(listed.calls.length).toBeLessThanOrEqual(2 * least);
    const pieces = await database.knex('reconcile_shards').where({ list: 'subscriptions' });
    if (createdAt.length === 6_000) expect(pieces.length, 'it is read side by side').toBeGreaterThan(8);
  },
);

test('a process that is killed at any page leaves at most that page to be read again', async () => {
  const createdAt = histories['a firm that grows'] ?? [];
  const { listed, recon, carryAll, seen, clock, database } = await listedWorld(createdAt, { parallel: 4 });
  const whole = await listedWorld(createdAt, { parallel: 4 });
  await whole.carryAll();

  let isDead = false;
  listed.onCall = () => {
    if (listed.calls.length > whole.listed.calls.length / 2) isDead = true;
    if (isDead) throw new Error('killed');
  };
  const dying = {
    ...recon,
    database: {
      ...recon.database,
      get knex() {
        if (isDead) throw new Error('This process is dead');
        return recon.database.knex;
      },
    },
  };
  await createCarrier(dying)
    .carry()
    .catch(() => {});
  for (let looks = 0; looks < 200 && !isDead; looks++)
    await createCarrier(dying)
      .carry()
      .catch(() => {});
  expect(isDead).toBe(true);
  const atDeath = listed.calls.length;
  const halfway = await seen();
  expect(halfway).toBeGreaterThan(1_500);
  expect(halfway).toBeLessThan(4_500);

  listed.onCall = () => {};
  clock.advance(60 * SECOND_MS);
  await carryAll();

  expect(await seen(), 'nothing is counted twice').toBe(createdAt.length);
  const pieces = Number(
    (await database.knex('reconcile_shards').where({ list: 'subscriptions' }).count({ n: '*' }).first())?.n,
  );
  const again = new Map<string, number>();
  for (const { from, after, before } of listed.calls)
    again.set(`${from} ${before} ${after}`, (again.get(`${from} ${before} ${after}`) ?? 0) + 1);
  expect(Math.max(...again.values())).toBeLessThanOrEqual(2);
  expect([...again.values()].filter((count) => count > 1).length).toBeLessThanOrEqual(4);
  expect(listed.calls.length - atDeath).toBeLessThanOrEqual(
    createdAt.length / 100 - halfway / 100 + pieces + 4,
  );
});

test('two processes read the same lists side by side, and nothing twice', async () => {
  const createdAt = histories['a firm that grows'] ?? [];
  const { listed, recon, carryAll, seen, state } = await listedWorld(createdAt);

  const [one, other] = [createCarrier(recon), createCarrier(recon)];
  await carryAll({
    carry: async () => (await Promise.all([one.carry(), other.carry()])).reduce((sum, done) => sum + done, 0),
  });

  expect(await state()).toBe('done');
  expect(await seen()).toBe(6_000);
  const asked = listed.calls.map(({ from, before, after }) => `${from} ${before} ${after}`);
  expect(new Set(asked).size).toBe(asked.length);
});

test('when the place in the list is gone at Stripe, its second is read again and nothing is left out', async () => {
  const createdAt = Array.from({ length: 450 }, (_none, n) => testStart - n * 10 * SECOND_MS - DAY_MS);
  const { listed, carryAll, state, database } = await listedWorld(createdAt, { parallel: 1 });
  listed.onCall = ({ after }) => {
    if (listed.calls.length !== 2 || after === null) return;
    listed.subscriptions = listed.subscriptions.filter((row) => row.id !== after);
  };

  await carryAll();

  expect(await state()).toBe('done');
  const asked = listed.calls.filter(({ after }) => after !== null).length;
  expect(asked).toBeGreaterThan(1);
  const { n } =
    (await database.knex('reconcile_shards').where({ list: 'subscriptions' }).sum({ n: 'seen' }).first()) ??
    {};
  expect(Number(n)).toBeGreaterThanOrEqual(449);
});

test('Stripe away: the run waits, is never done, and goes on by itself', async () => {
  const { StripeAway } = await import('#src/gateways/stripe-errors.ts');
  const createdAt = histories['two rushes with years between'] ?? [];
  const { listed, recon, carryAll, state, clock, lucy, seen } = await listedWorld(createdAt);
  listed.onCall = () => {
    if (listed.calls.length > 5) throw new StripeAway('Stripe is down');
  };
  const carrier = createCarrier(recon);
  for (let looks = 0; looks < 20; looks++) {
    await carrier.carry();
    clock.advance(SECOND_MS);
  }
  expect(await state()).toBe('waiting');
  expect((await lucy('reconcile show')).out).toContain(
    'It goes on by itself as soon as Stripe answers: Stripe is down.',
  );

  listed.onCall = () => {};
  clock.advance(600 * SECOND_MS);
  await carryAll(carrier);
  expect(await state()).toBe('done');
  expect(await seen()).toBe(3_000);
});

test('a piece that cannot be read fails the run in the end, and --resume goes on at its page', async () => {
  const createdAt = histories['two rushes with years between'] ?? [];
  const { listed, carryAll, state, as, lucy, seen, found } = await listedWorld(createdAt);
  listed.onCall = () => {
    if (listed.calls.length > 5) throw new Error('Stripe answered what nobody understands');
  };
  await carryAll();
  expect(await state()).toBe('failed');
  expect((await lucy('reconcile show')).out).toContain(
    'It failed 5 times in a row: Stripe answered what nobody understands.',
  );

  const before = listed.calls.length;
  listed.onCall = () => {};
  expect((await as('bea', 'reconcile run --resume --reason "mended"')).code).toBe(0);
  await carryAll();
  expect(await state()).toBe('done');
  expect(await seen()).toBe(3_000);
  expect(listed.calls.length - before, 'what was read is not read again').toBeLessThan(2 * 30);
  expect(await found()).toEqual([]);
});

test('a run that stood still for more than a day fails, and says so', async () => {
  const { carryAll, state, clock, lucy, as } = await listedWorld([testStart - DAY_MS]);
  clock.advance(DAY_MS + 60 * SECOND_MS);

  await carryAll();

  expect(await state()).toBe('failed');
  expect((await lucy('reconcile show')).out).toContain('It was interrupted for more than 24 hours');
  const resumed = await as('bea', 'reconcile run --resume --reason "go on"');
  expect(resumed.err).toContain('what it saw is too old');
});
