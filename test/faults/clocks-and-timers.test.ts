import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { rounds, tellFigure } from '#test/world/figures.ts';
import { API_KEY, type Fleet, startFleet } from '#test/world/fleet.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { hasRedis, testRedis } from '#test/world/redis.ts';
import { grantingTo, spending } from '#test/world/spending.ts';
import { type Upgrades, upgrading } from '#test/world/upgrades.ts';

const SLOW_MS = 600_000 * rounds(1);
const TEN_MINUTES_MS = 600_000;
const UPGRADES = rounds(3);
const KILLS = rounds(3);
const HOLDS_A_KILL = 8;
const SLOW_STRIPE_MS = 1_500;
/** Between two of them that are due. */
const APART_MS = 250;

const faulty = fileURLToPath(new URL('../world/programs/faulty.ts', import.meta.url));
const skewed = (ms: number) => ({ NODE_OPTIONS: `--import=${faulty}`, SKEW_MS: String(ms) });

test.skipIf(testEngine !== 'postgres' || !hasRedis)(
  'F26, F36: machines whose clocks are ten minutes off hold no lease twice, and timers fire once each, however often workers are killed when they are due',
  async () => {
    const fleet = await startFleet({ redis: await testRedis(), webs: 0, workers: 0 });
    for (const ms of [TEN_MINUTES_MS, -TEN_MINUTES_MS]) await fleet.start('web', skewed(ms));
    // By its own clock, the second would find every lease of the first run out.
    for (const ms of [0, TEN_MINUTES_MS]) await fleet.start('worker', skewed(ms));
    const [spender, ...others] = await fleet.addCustomers(1 + UPGRADES);
    const email = spender?.email ?? '';
    expect(await fleet.terminal(grantingTo(email))).toMatchObject({ code: 0 });
    const load = spending(fleet, email, 1);
    const upgrades = upgrading(fleet, others);

    await workWithSkew(fleet, upgrades);
    await killAroundDue(fleet, email);

    await load.end();
    expect(await upgrades.settle(load.spent)).toMatchObject({ lost: 0, doubled: 0, negative: 0 });
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
  },
  SLOW_MS,
);

/** F26: Stripe answers slowly, so that each lease is held for a while before the eyes of a worker whose clock says that it is over. */
async function workWithSkew(fleet: Fleet, upgrades: Upgrades): Promise<void> {
  const stopHearing = fleet.stripe.onRequest(async ({ path }) => {
    if (path.startsWith('/v1/subscriptions'))
      await new Promise((resolve) => setTimeout(resolve, SLOW_STRIPE_MS));
  });
  for (let count = 0; count < UPGRADES; count++) await upgrades.upgrade();
  stopHearing();
  const logs = (event: string) =>
    fleet.members.flatMap(({ logs }) => logs.filter((entry) => entry.event === event));
  expect(logs('sync_fenced')).toEqual([]);
  expect(logs('webhook_rejected')).toEqual([]);
  // Each process tells it once, and its health says so.
  expect(logs('clock_skewed')).toHaveLength(3);
  const health = await (await fetch(`${fleet.address()}/health`)).json();
  expect(health).toMatchObject({
    status: 'degraded',
    components: {
      clock: { state: 'degraded', detail: expect.stringMatching(/1[01] minutes (ahead|behind)/) },
    },
  });
  tellFigure(
    'F26',
    `web processes ten minutes ahead and behind, a worker that is right and one ten minutes ahead, ${UPGRADES} upgrades`,
    `0 leases held twice, 0 webhooks refused, each of the 3 that are off said so once`,
  );
}

/** F36: holds of credits that let go by themselves; each is a row with its due time, and fires in somebody's worker. */
async function killAroundDue(fleet: Fleet, email: string): Promise<void> {
  const { knex } = fleet.database;
  const count = KILLS * HOLDS_A_KILL;
  for (let at = 0; at < count; at++) {
    const response = await fetch(`${fleet.address()}/api/credits/holds`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
        'idempotency-key': `hold-${at}`,
      },
      body: JSON.stringify({ email, amount: 1, expiresIn: 3_600 }),
    });
    expect(response.status).toBe(201);
  }
  // Due one after the other, by the database's own clock.
  const { rows } = await knex.raw('select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms');
  const first = Number(rows[0].ms) + 2_000;
  const holds: string[] = await knex('timers').where({ kind: 'hold_expiry' }).orderBy('id').pluck('subject');
  expect(holds).toHaveLength(count);
  for (const [at, subject] of holds.entries()) {
    const due_at = first + at * APART_MS;
    await knex('timers').where({ kind: 'hold_expiry', subject }).update({ due_at });
    await knex('credit_holds').where({ id: subject }).update({ expires_at: due_at });
  }

  const fired = async () => Number((await expired(fleet).count({ n: '*' }).first())?.n);
  for (let kill = 0; kill < KILLS; kill++) {
    const seen = await fired();
    await fleet.until(fired, (now) => now > seen || now === count);
    const [worker] = fleet.workers();
    if (!worker) throw new Error('There is no worker');
    await fleet.kill(worker);
    await fleet.start('worker', skewed(kill % 2 === 0 ? TEN_MINUTES_MS : -TEN_MINUTES_MS));
  }
  await fleet.until(fired, (now) => now >= count);

  const done: { at: number; before: string | null; after: string | null }[] =
    await expired(fleet).orderBy('at');
  expect(done).toHaveLength(count);
  expect(await knex('timers').where({ kind: 'hold_expiry' })).toEqual([]);
  const ended = await knex('credit_holds').whereIn('id', holds).orderBy('expires_at');
  const lateness = done.map(({ at }, index) => at - Number(ended[index]?.expires_at));
  // Not one before its time: nobody went by a clock that is ahead.
  expect(Math.min(...lateness)).toBeGreaterThanOrEqual(0);
  tellFigure(
    'F36',
    `${KILLS} workers killed while ${count} timers fell due`,
    `each fired once; ${Math.max(...lateness)} ms late at most`,
  );
}

function expired({ database }: Fleet) {
  return database.knex('audit_events').where({ command: 'credits hold expire' });
}
