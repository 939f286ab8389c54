import { expect, test } from 'vitest';
import { readConfig } from '#src/config.ts';
import { readRole } from '#src/role.ts';
import { startFleet } from '#test/world/fleet.ts';
import { run } from '#test/world/processes.ts';

const SLOW_MS = 120_000;

const config = `
plans:
  - { lookup_key: pro_monthly, tier: pro, credits_per_period: 500 }
roles:
  support: { groups: [S0SUPPORT1] }
`;

test('a role is one of three, and said in one way', () => {
  for (const args of [['--role', 'boss'], ['--role'], ['--roll', 'web'], ['web'], ['--role', 'web', 'more']])
    expect({ args, role: readRole(args) }).toEqual({ args, role: null });
  expect([readRole([]), readRole(['--role', 'web']), readRole(['--role=worker'])]).toEqual([
    'all',
    'web',
    'worker',
  ]);
});

test(
  'a role that Lucy has not is told with what there is, and exits 2',
  async () => {
    const ended = await run(['src/main.ts', '--role', 'boss'], {});

    expect(ended.code).toBe(2);
    expect(ended.err).toContain('npm start -- [--role web|worker|all]');
  },
  SLOW_MS,
);

test('an address that is no Redis is told, and how one is written', () => {
  for (const REDIS_URL of ['http://127.0.0.1:6379', 'redis', 'redis://', 'redis://127.0.0.1/lucy'])
    expect(readConfig({ REDIS_URL }).problems).toContainEqual({
      name: 'REDIS_URL',
      problem: 'is not a redis or rediss address',
      where: expect.stringContaining('redis://[user:password@]host:6379'),
    });
  for (const REDIS_URL of ['', ' ', 'redis://127.0.0.1', 'rediss://:p%40ss@[::1]:6380/3'])
    expect(readConfig({ REDIS_URL }).problems.filter(({ name }) => name === 'REDIS_URL')).toEqual([]);
});

test(
  'a web process takes what comes and leaves it to a worker, on SQLite and on Postgres',
  async () => {
    const fleet = await startFleet({ webs: 1, workers: 0, config });
    const { stripe, slack, terminal, show, until, database } = fleet;
    const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
    const adding = ['customer', 'add', 'sofia@firm.com', '--stripe', customer.id, '--reason', 'new', '--yes'];
    expect((await terminal(adding)).code).toBe(0);
    stripe.world.subscribe(customer.id, 'pro_monthly');

    const [attempt] = await stripe.deliver(stripe.lastEvent('customer.subscription.created').id);
    expect(attempt?.status).toBe(200);
    expect(await database.knex('customer_sync').whereRaw('dirty_seq > synced_seq')).toHaveLength(1);
    expect((await show('sofia@firm.com')).tier).toBe('free');

    const worker = await fleet.start('worker', { PORT: '' });
    expect(worker.port).toBe(0);
    const shown = await until(
      () => show('sofia@firm.com'),
      ({ tier }) => tier === 'pro',
    );
    expect(shown).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
    await until(
      async () => slack.messages('#lucy-entitlements').filter(({ text }) => text.includes('free to pro')),
      (told) => told.length > 0,
    );

    // A picture that somebody asks the web process for is drawn by the worker; asked again should it have been too busy.
    const drawn = await until(
      async () => {
        const said = slack.messages('support').length;
        await slack.as('sam').say('support', '/lucy credits show sofia@firm.com --picture');
        await slack.waitFor(() =>
          slack
            .messages('support')
            .slice(said)
            .find(({ reads }) => reads.includes('picture')),
        );
        return worker.logs.filter(({ event }) => event === 'rendered');
      },
      (lines) => lines.length > 0,
    );
    expect(drawn[0]).toMatchObject({ kind: 'chart', state: 'done' });

    const small = await fleet.start('worker');
    const at = (path: string) => fetch(`http://127.0.0.1:${small.port}${path}`);
    expect((await at('/health')).status).toBe(200);
    expect((await at('/metrics')).status).toBe(200);
    expect((await at('/api/entitlements')).status).toBe(404);
    expect((await at('/slack/events')).status).toBe(404);
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
  },
  SLOW_MS,
);
