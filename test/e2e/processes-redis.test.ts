import { expect, test } from 'vitest';
import { type Fleet, startFleet } from '#test/world/fleet.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { hasRedis, testRedis } from '#test/world/redis.ts';

const SLOW_MS = 240_000;
const CUSTOMERS = 12;

/** One SQLite file is for one machine; many processes are what Postgres is for. */
const runs = testEngine === 'postgres' && hasRedis;

/** What one upgrade leaves: one change, one grant, one message; neither lost nor doubled. */
async function expectOnceEach(fleet: Fleet, customers: readonly { email: string }[]): Promise<void> {
  const { knex } = fleet.database;
  await fleet.until(
    async () =>
      Number((await knex('credit_accounts').where('balance', '>=', 500).count({ n: '*' }).first())?.n),
    (settled) => settled === customers.length,
  );
  expect(await knex('credit_accounts').whereNot({ balance: 500 })).toEqual([]);
  expect(await knex('entitlement_changes')).toHaveLength(customers.length);
  const told = () =>
    fleet.slack.messages('#lucy-entitlements').flatMap(({ text }) => text.match(/c\d+@firm\.com/g) ?? []);
  await fleet.until(
    async () =>
      Number((await knex('outbox').whereIn('state', ['pending', 'sending']).count({ n: '*' }).first())?.n),
    (waiting) => waiting === 0,
  );
  expect([...told()].sort()).toEqual(customers.map(({ email }) => email).sort());
}

/** Two workers send to one channel: in the order of the rows, and never faster than a message a second. */
function expectPaced({ slack }: Fleet): void {
  const posts = slack.posts.filter(({ method }) => method === 'chat.postMessage');
  for (const channel of new Set(posts.map((post) => post.channel))) {
    const times = posts.filter((post) => post.channel === channel).map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries())
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(990);
  }
}

test.skipIf(!runs)(
  'F25: two web and two worker processes; FLUSHALL, a kill and a restart of Redis lose nothing and double nothing',
  async () => {
    const redis = await testRedis();
    const fleet = await startFleet({ redis });
    const customers = await fleet.addCustomers(CUSTOMERS);
    const { stripe } = fleet;
    const lags: number[] = [];

    const upgrade = async ({ stripe: id }: { stripe: string }) => {
      stripe.world.subscribe(id, 'pro_monthly');
      for (const type of ['customer.subscription.created', 'invoice.paid']) {
        const [attempt] = await stripe.deliver(stripe.lastEvent(type).id, { times: 2 });
        expect(attempt?.status).toBe(200);
      }
      const since = performance.now();
      const { knex } = fleet.database;
      await fleet.until(
        () =>
          knex('entitlements as e')
            .join('customer_links as l', 'l.customer_id', 'e.customer_id')
            .where({ stripe_customer_id: id, tier: 'pro' }),
        (rows) => rows.length === 1,
      );
      lags.push(performance.now() - since);
    };
    for (const [at, customer] of customers.entries()) {
      if (at === 2) await redis.say('FLUSHALL');
      if (at === 4) await redis.kill();
      if (at === 7) await redis.start();
      if (at === 9) redis.pause();
      if (at === 10) redis.resume();
      await upgrade(customer);
    }

    await expectOnceEach(fleet, customers);
    expectPaced(fleet);
    const worst = Math.max(...lags);
    process.stdout.write(`F25: jobs lost 0, doubled 0, longest delay ${Math.round(worst)} ms\n`);
    expect(worst).toBeLessThan(20_000);
    const told = fleet.members.flatMap(({ logs }) => logs.filter(({ event }) => event === 'redis_away'));
    expect(told.length).toBeLessThanOrEqual(2 * fleet.members.length);
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
  },
  SLOW_MS,
);

test.skipIf(!runs)(
  'Redis over TLS, away from the start: everything is done, /health says degraded, and every process tells it once',
  async () => {
    // A certificate of one's own CA, as docs/scaling.md says.
    const redis = await testRedis({ tls: true });
    await redis.kill();
    const fleet = await startFleet({ redis, webs: 1, workers: 1 });
    const customers = await fleet.addCustomers(1);
    fleet.stripe.world.subscribe(customers[0]?.stripe ?? '', 'pro_monthly');
    await fleet.stripe.deliver(fleet.stripe.lastEvent('customer.subscription.created').id);
    await fleet.stripe.deliver(fleet.stripe.lastEvent('invoice.paid').id);

    await expectOnceEach(fleet, customers);
    const health = await (await fetch(`${fleet.address()}/health`)).json();
    expect(health).toMatchObject({ status: 'degraded', components: { redis: { state: 'degraded' } } });
    for (const { logs } of fleet.members)
      expect(logs.filter(({ event }) => event === 'redis_away')).toHaveLength(1);

    await redis.start();
    await fleet.until(
      async () =>
        (await (await fetch(`${fleet.address()}/health`)).json()) as {
          components: { redis: { state: string } };
        },
      ({ components }) => components.redis.state === 'ok',
    );
    // The worker's listener, too: BullMQ connects by parts of the address, and blocks there for what is rung.
    const listening = await fleet.until(
      async () => String(await redis.say('CLIENT', 'LIST')),
      (clients) => /cmd=(bzpopmin|brpoplpush|blmove)/.test(clients),
    );
    expect(listening).toMatch(/cmd=(bzpopmin|brpoplpush|blmove)/);
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
  },
  SLOW_MS,
);
