import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import type { RestoreRow } from '#db/restores.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { processWorld, run } from '#test/world/processes.ts';

const config = `plans:
  - { lookup_key: pro_monthly, tier: pro, credits_per_period: 500 }
policy:
  backup restore:
    steps:
      - {}
reconcile: { nightly_at: never }
`;

// Postgres is tried with its own pg_dump in test/commands/backup.
describe.skipIf(testEngine !== 'sqlite')('restoring under a running service', () => {
  test('a terminal restores while the service runs: the service goes on with the restored database, takes webhooks, and catches up', async () => {
    const world = await processWorld({ config });
    const lucy = await world.start();
    const typed = async (...args: string[]) => {
      const ended = await world.terminal(args);
      if (ended.code !== 0) throw new Error(`${args.join(' ')}: ${ended.code} ${ended.out}${ended.err}`);
      return ended;
    };
    const why = ['--reason', 'a test needs it', '--yes'];
    world.stripe.world.createCustomer({ id: 'cus_sofia', email: 'sofia@firm.com', name: 'Sofia' });
    await typed('customer', 'add', 'sofia@firm.com', '--stripe', 'cus_sofia', ...why);
    await typed('credits', 'grant', 'sofia@firm.com', '70', ...why);
    const made = await typed('backup', 'create', '--json', ...why);
    expect(JSON.parse(made.out)).toMatchObject({ done: true, state: 'verified' });
    await typed('credits', 'grant', 'sofia@firm.com', '30', ...why);
    // After the backup, and stored by this service: it has to be found again at Stripe.
    world.stripe.world.subscribe('cus_sofia', 'pro_monthly');
    const database = openDatabase(world.databaseUrl);
    onTestFinished(() => database.close());
    const standing = async (email: string): Promise<{ tier: string; balance: number }> =>
      database
        .knex('customers as c')
        .join('entitlements as e', 'e.customer_id', 'c.id')
        .join('credit_accounts as a', 'a.customer_id', 'c.id')
        .where('c.email', email)
        .first('e.tier', 'a.balance');
    await world.until(
      () => standing('sofia@firm.com'),
      (now) => now?.tier === 'pro',
    );

    const restored = await typed('backup', 'restore', '--json', ...why);
    expect(JSON.parse(restored.out)).toMatchObject({ problem: null });

    // 70, and the 500 of the period that Stripe knows of; the 30 are gone, and the report says so.
    await world.until(
      () => standing('sofia@firm.com'),
      (now) => now?.tier === 'pro' && now.balance === 570,
    );
    const row = await world.until(
      async (): Promise<RestoreRow> => database.knex('restores').first(),
      ({ step }) => step === 'done',
    );
    expect(JSON.parse(row.facts)).toMatchObject({ differences: 0, lost: { acts: 1 } });
    expect(await database.knex('maintenance')).toEqual([]);
    // What is new arrives as ever, through statements that were prepared before the swap.
    world.stripe.world.createCustomer({ id: 'cus_ben', email: 'ben@firm.com', name: 'Ben' });
    await typed('customer', 'add', 'ben@firm.com', '--stripe', 'cus_ben', ...why);
    world.stripe.world.subscribe('cus_ben', 'pro_monthly');
    await world.until(
      () => standing('ben@firm.com'),
      (now) => now?.tier === 'pro',
    );
    expect(await lucy.stop()).toBe(0);
  }, 120_000);

  test('a damaged database: the start is refused with code 1 and the steps', async () => {
    const world = await processWorld({ config });
    const path = world.databaseUrl.slice('sqlite:'.length);
    const bytes = readFileSync(path);
    for (let page = 1; page * 4096 < bytes.length; page++) bytes.fill(0xaa, page * 4096, page * 4096 + 64);
    writeFileSync(path, bytes);
    const ended = await run(['src/main.ts'], world.env);
    expect(ended.code).toBe(1);
    expect(ended.out + ended.err).toContain('is damaged');
    expect(ended.out + ended.err).toContain('npx lucy backup restore --file');
  });
});
