import { appendFile, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { layOutBundled, MARK } from '#test/world/bundled.ts';
import { emptyDatabaseUrl } from '#test/world/empty-database.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { processWorld, run, startMain } from '#test/world/processes.ts';

const SLOW_MS = 120_000;

test(
  'a bundle migrates, listens, takes a webhook, does what is typed, and draws',
  async () => {
    const home = await layOutBundled();
    let port = 0;
    const databaseUrl = await emptyDatabaseUrl();
    const { env, stripe, until } = await processWorld({
      databaseUrl,
      address: () => `http://127.0.0.1:${port}`,
    });
    const type = async (line: string) => {
      const typed = await run([join(home, 'bin/start.js'), 'cli', ...line.split(' ')], env);
      expect(typed).toMatchObject({ code: 0, err: '' });
      return typed.out;
    };
    const lucy = await startMain(env, [], home);
    port = lucy.port;
    expect(lucy.logs.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['The database was migrated', 'listening']),
    );

    const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
    await type(`customer add sofia@firm.com --stripe ${customer.id} --reason new --yes`);
    stripe.world.subscribe(customer.id, 'pro_monthly');
    const [attempt] = await stripe.deliver(stripe.lastEvent('customer.subscription.created').id);
    expect(attempt?.status).toBe(200);
    const shown = await until(
      () => type('customer show sofia@firm.com'),
      (out) => out.includes('500'),
    );
    expect(shown).toContain('pro');
    expect(shown).toContain(MARK);

    const file = join(home, 'balance.png');
    await type(`credits show sofia@firm.com --picture --out ${file}`);
    expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG');
    expect(await lucy.stop()).toBe(0);
    expect(lucy.logs.map(({ msg }) => msg)).toContain(MARK);
  },
  SLOW_MS,
);

test.skipIf(testEngine === 'postgres')(
  'whoever edits a file runs what was edited; when it is as it was, the bundle runs again; without its sources it runs, too',
  async () => {
    const home = await layOutBundled();
    const edited = join(home, 'src/cli.ts');
    const before = (await readFile(edited)).length;
    const help = async () => {
      const { out, code } = await run([join(home, 'bin/start.js'), 'cli', '--help'], {});
      expect(code).toBe(0);
      return out;
    };
    const made = await help();
    expect(made).toContain(MARK);
    expect(made).toContain('Usage: lucy NOUN VERB');

    await appendFile(edited, "process.stdout.write('from the edit');\n");
    const own = await help();
    expect(own).toContain('from the edit');
    expect(own).not.toContain(MARK);
    expect(own.replace('from the edit', '')).toBe(made.replace(`${JSON.stringify({ msg: MARK })}\n`, ''));

    await truncate(edited, before);
    expect(await help()).toBe(made);
    for (const folder of ['src', 'commands', 'db', 'build'])
      await rm(join(home, folder), { recursive: true });
    expect(await help()).toBe(made);
  },
  SLOW_MS,
);

test.skipIf(testEngine === 'postgres')(
  'a stack trace out of a bundle names the lines of the sources, and Socket Mode is there when it is asked for',
  async () => {
    const home = await layOutBundled();
    const { env, databaseUrl } = await processWorld();
    const lucy = await startMain({ ...env, SLACK_APP_TOKEN: 'xapp-1-test' }, [], home);
    expect(lucy.port).toBeGreaterThan(0);
    expect(await lucy.stop()).toBe(0);

    const database = openDatabase(databaseUrl);
    const future = { name: '29990101T000000_create_future.ts', batch: 2, migration_time: '2999-01-01' };
    await database.knex('knex_migrations').insert(future);
    await database.close();
    const { out } = await run([join(home, 'bin/start.js'), 'main'], env);
    const places = [...out.matchAll(/at (?:async )?(\w+) \([^()]*\/((?:src|db)\/[\w-]+\.ts):(\d+):/g)];
    expect(places.map(([, name, path]) => `${name} ${path}`)).toEqual([
      'refuseNewer db/migrate.ts',
      'migrate db/migrate.ts',
      'main src/main.ts',
    ]);
    for (const [, , path = '', line] of places) {
      const lines = (await readFile(join(home, path), 'utf8')).split('\n');
      expect(lines[Number(line) - 1]).toMatch(/await |throw /);
    }
  },
  SLOW_MS,
);
