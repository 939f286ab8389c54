import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { processWorld, run } from '#test/world/processes.ts';

test('with nothing set, Lucy names every missing setting with where it comes from, and exits 78', async () => {
  const ended = await run(['src/main.ts'], {});

  expect(ended.code).toBe(78);
  for (const name of [
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
  ])
    expect(ended.err).toContain(`${name} is missing`);
  expect(ended.err).toContain('OAuth & Permissions');
  expect(ended.err).toContain('npm run sandbox');
});

test('an empty webhook secret, a wrong prefix and a config file that is not there are all told at once', async () => {
  const { env } = await processWorld();

  const ended = await run(['src/main.ts'], {
    ...env,
    STRIPE_WEBHOOK_SECRET: '',
    SLACK_BOT_TOKEN: 'xoxp-user',
    PORT: 'many',
    LUCY_CONFIG: '/nowhere/lucy.config.yml',
  });

  expect(ended.code).toBe(78);
  expect(ended.err).toContain('STRIPE_WEBHOOK_SECRET is missing');
  expect(ended.err).toContain('SLACK_BOT_TOKEN must start with xoxb-');
  expect(ended.err).toContain('PORT is not a port number');
  expect(ended.err).toContain('LUCY_CONFIG names /nowhere/lucy.config.yml, which cannot be read');
});

test('an invalid config file is refused with the path inside the file', async () => {
  const world = await processWorld({ config: 'plans:\n  - { lookup_key: pro_monthly, teir: pro }\n' });

  const ended = await run(['src/main.ts'], world.env);

  expect(ended.code).toBe(78);
  expect(ended.err).toContain('plans[0]');
  expect(ended.err).toContain('teir');
});

test('a database that a newer Lucy wrote is refused', async () => {
  const world = await processWorld();
  const database = openDatabase(world.databaseUrl);
  await database
    .knex('knex_migrations')
    .insert({ name: '29990101T000000_create_future.ts', batch: 2, migration_time: '2999-01-01' });
  await database.close();

  const started = await run(['src/main.ts'], world.env);
  const typed = await world.terminal(['whoami']);

  expect(started.code).toBe(78);
  expect(started.out).toContain('newer version of Lucy');
  expect(typed.code).toBe(78);
});

test('SIGTERM ends what is being done and leaves with 0', async () => {
  const world = await processWorld();
  const lucy = await world.start();

  expect(await lucy.stop()).toBe(0);
  expect(lucy.logs.at(-1)).toMatchObject({ event: 'stopped' });
});

test('the sandbox refuses to run beside real credentials', async () => {
  const ended = await run(['sandbox/main.ts'], { STRIPE_SECRET_KEY: 'sk_live_x', SLACK_BOT_TOKEN: ' ' });

  expect(ended.code).toBe(78);
  expect(ended.err).toContain('STRIPE_SECRET_KEY is set');
  expect(ended.err).not.toContain('SLACK_BOT_TOKEN');
});

test('the API asks for a key, and unknown addresses say what there is', async () => {
  const world = await processWorld();
  const { port } = await world.start({ LUCY_API_KEYS: 'product:secret-key' });
  const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);

  expect((await at('/api/entitlements?email=a@b.c')).status).toBe(401);
  expect((await at('/api/entitlements', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  const withKey = { headers: { authorization: 'Bearer secret-key' } };
  expect((await at('/api/entitlements?email=a@b.c', withKey)).status).toBe(404);
  expect((await at('/api/nothing', withKey)).status).toBe(404);
  expect((await at('/api/billing/webhook')).status).toBe(405);
  expect(await (await at('/nowhere')).json()).toMatchObject({ error: { code: 'not_found' } });
  expect((await at('/health', { method: 'POST' })).status).toBe(405);
});

test('the terminal is reached through a symlink, from any directory', async () => {
  const world = await processWorld();
  const { symlink } = await import('node:fs/promises');
  const { dirname } = await import('node:path');
  const link = join(dirname(world.env.LUCY_CONFIG ?? ''), 'lucy');
  await symlink(join(process.cwd(), 'bin/lucy'), link);
  const { execFile } = await import('node:child_process');

  const out = await new Promise<string>((resolve, reject) =>
    execFile(
      link,
      ['--help'],
      {
        cwd: '/',
        env: {
          PATH: process.env.PATH ?? '',
          DATABASE_URL: world.databaseUrl,
          LUCY_CONFIG: world.env.LUCY_CONFIG ?? '',
        },
      },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    ),
  );

  expect(out).toContain('customer show EMAIL');
});

test.skipIf(testEngine !== 'sqlite')(
  'whatever she writes is its owner’s alone, however loose the shell’s mask is',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lucy-mask-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const url = `sqlite:${join(folder, 'data', 'lucy.db')}`;
    await run(['src/cli.ts', 'status'], {
      DATABASE_URL: url,
      LUCY_CONFIG: 'lucy.config.sample.yml',
    });
    const modes = ['data', 'data/lucy.db'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  },
);
