import { expect, test } from 'vitest';
import { type Fleet, startFleet } from '#test/world/fleet.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { grantingTo, spending } from '#test/world/spending.ts';

const SLOW_MS = 240_000;
const runs = testEngine === 'postgres';
const COUNT = 10;
const EMAIL = 'c0@firm.com';

/** One customer with credits; returns who they are at Stripe. */
async function addSpender(fleet: Fleet): Promise<string> {
  const [added] = await fleet.addCustomers(1);
  expect(await fleet.terminal(grantingTo(EMAIL))).toMatchObject({ code: 0 });
  return added?.stripe ?? '';
}

async function tierOf({ database }: Fleet): Promise<string | undefined> {
  return (await database.knex('entitlements').first())?.tier;
}

async function balanceOf({ database }: Fleet): Promise<number> {
  return Number((await database.knex('credit_accounts').first()).balance);
}

test.skipIf(!runs)(
  'SIGTERM under load: every process ends what it has and leaves with 0; nothing lost, nothing doubled',
  async () => {
    const fleet = await startFleet({ webs: 2, workers: 2 });
    await addSpender(fleet);
    const load = spending(fleet, EMAIL);
    const reached = (count: number) =>
      fleet.until(
        async () => load.spent.size,
        (size) => size >= count,
      );

    const ends: { role: string; code: number | null; ms: number }[] = [];
    for (const role of ['web', 'worker'] as const) {
      await reached(load.spent.size + COUNT);
      const [leaving] = fleet.members.filter((member) => member.role === role);
      if (!leaving) throw new Error('nobody is there');
      const since = performance.now();
      const code = await fleet.stop(leaving);
      ends.push({ role, code, ms: performance.now() - since });
      expect(leaving.logs.at(-1)).toMatchObject({ event: 'stopped' });
    }
    await reached(load.spent.size + COUNT);
    await load.end();

    expect(ends.map(({ role, code }) => ({ role, code }))).toEqual([
      { role: 'web', code: 0 },
      { role: 'worker', code: 0 },
    ]);
    for (const { ms } of ends) expect(ms).toBeLessThan(20_000);
    expect(await balanceOf(fleet)).toBe(10_000 - load.spent.size);
    // What was under way was answered; what came after found the port shut, and went elsewhere.
    expect([...load.statuses.keys()].filter((status) => ![0, 200].includes(status))).toEqual([]);
    process.stdout.write(
      `drain: ${load.spent.size} spent, 0 lost, 0 doubled; ${ends.map(({ role, ms }) => `${role} ${Math.round(ms)} ms`).join(', ')}\n`,
    );
  },
  SLOW_MS,
);

test.skipIf(!runs)(
  'F24: Postgres cuts every connection again and again under load; both roles reconnect by themselves',
  async () => {
    const fleet = await startFleet({ webs: 1, workers: 1 });
    const stripeId = await addSpender(fleet);
    const load = spending(fleet, EMAIL);
    const { stripe, until, database } = fleet;
    const cut = () =>
      database.knex.raw(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );

    for (let time = 0; time < COUNT; time++) {
      await cut();
      const before = load.spent.size;
      await until(
        async () => load.spent.size,
        (size) => size > before,
      );
      if (time === 3) {
        stripe.world.subscribe(stripeId, 'pro_monthly');
        await until(
          async () => (await stripe.deliver(stripe.lastEvent('customer.subscription.created').id))[0]?.status,
          (status) => status === 200,
        );
      }
    }
    await load.end();

    expect(
      await until(
        () => tierOf(fleet),
        (tier) => tier === 'pro',
      ),
    ).toBe('pro');
    const granted = (await database.knex('credit_entries').where({ type: 'grant' })).length;
    expect(granted).toBe(2);
    expect(await balanceOf(fleet)).toBe(10_500 - load.spent.size);
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
  },
  SLOW_MS,
);

test.skipIf(!runs)(
  'F37: a worker that stands still (SIGSTOP) while another takes over and goes on changes nothing more',
  async () => {
    const fleet = await startFleet({ webs: 1, workers: 1 });
    const stripeId = await addSpender(fleet);
    const { stripe, slack, until, database } = fleet;
    const [first] = fleet.workers();
    // Stands still in the midst of its pass over Sofia: it has asked Stripe and has the answer coming.
    const asked = Promise.withResolvers<void>();
    const stopHearing = stripe.onRequest(({ path }) => {
      if (!path.startsWith('/v1/subscriptions')) return;
      first?.pause();
      asked.resolve();
    });
    stripe.world.subscribe(stripeId, 'pro_monthly');
    for (const type of ['customer.subscription.created', 'invoice.paid'])
      await stripe.deliver(stripe.lastEvent(type).id);
    await asked.promise;
    stopHearing();
    expect((await tierOf(fleet)) ?? 'free').toBe('free');

    const second = await fleet.start('worker');
    expect(
      await until(
        () => tierOf(fleet),
        (tier) => tier === 'pro',
      ),
    ).toBe('pro');
    const told = () =>
      slack.messages('#lucy-entitlements').filter(({ text }) => text.includes('free to pro'));
    await until(
      async () => told(),
      (messages) => messages.length > 0,
    );
    first?.resume();
    // It leaves when its pass is at its end: by then it has tried whatever it would.
    if (first) expect(await fleet.stop(first)).toBe(0);

    expect(told()).toHaveLength(1);
    expect(await database.knex('entitlement_changes')).toHaveLength(1);
    expect(await database.knex('credit_entries').where({ type: 'grant' })).toHaveLength(2);
    expect(await fleet.stop(second)).toBe(0);
  },
  SLOW_MS,
);
