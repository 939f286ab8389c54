import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { type MovingWorld, movingWorld } from '#test/world/moving-world.ts';
import { processWorld, run } from '#test/world/processes.ts';

const really = ['--reason', 'outgrown', '--yes'];

/** The copy as a process that may be killed; resolves when Postgres has some of the rows and waits over another. */
async function copyUntilInTheMiddle(world: MovingWorld) {
  await world.source.database.close();
  const child = spawn(process.execPath, ['src/cli.ts', 'db', 'copy', '--to-env', 'NEW_DATABASE', ...really], {
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: world.source.url, NEW_DATABASE: world.targetUrl },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const backend = await Promise.race([
    inTheMiddle(world.target().knex),
    ended.then((code) => Promise.reject(new Error(`The copy ended with ${code}: ${err}`))),
  ]);
  return { child, ended, backend };
}

/** Waits until the target thinks over a row; resolves with its process. */
async function inTheMiddle(knex: Database['knex']): Promise<number> {
  for (;;) {
    const { rows } = await knex.raw(
      "select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
    );
    if (rows.length > 0) return rows[0].pid;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Customers are copied before their accounts, over each of which the target now thinks for a while. */
async function slowlyFilled(seconds: number): Promise<MovingWorld> {
  const world = await movingWorld();
  const { knex } = world.source.database;
  await knex('customers').insert({ id: 'cust_1', email: 'sofia@firm.com', created_at: 1 });
  await knex('credit_accounts').insert({ id: 'acc_1', customer_id: 'cust_1' });
  const source = world.source.database;
  await source.close();
  const rehearsed = await world.copy(['--rehearse', ...really]);
  expect(rehearsed.out, rehearsed.err).toContain('Rehearsed');
  await world
    .target()
    .knex.raw(`alter table credit_accounts add constraint slowly check (pg_sleep(${seconds}) is not null)`);
  return world;
}

test.skipIf(testEngine === 'sqlite')(
  'killed in the middle: the target holds nothing, Lucy does not start on it, and the same line begins anew',
  async () => {
    const world = await slowlyFilled(120);
    const { child, ended, backend } = await copyUntilInTheMiddle(world);
    child.kill('SIGKILL');
    await ended;
    const { knex } = world.target();
    await knex.raw('select pg_terminate_backend(?, 10000)', [backend]);
    await knex.raw('alter table credit_accounts drop constraint slowly');

    expect(await knex('customers')).toEqual([]);
    const { env } = await processWorld();
    const started = await run(['src/main.ts'], { ...env, DATABASE_URL: world.targetUrl });
    expect(started.code).toBe(78);
    expect(started.out).toContain('Run db copy again with the same --to');
    const typed = await run(['src/cli.ts', 'whoami'], { DATABASE_URL: world.targetUrl });
    expect(typed).toMatchObject({ code: 78, err: expect.stringContaining('which did not finish') });

    const again = await world.copy();
    expect(again.code, again.err).toBe(0);
    expect(await knex('customers').pluck('email')).toEqual(['sofia@firm.com']);
    // The mark is gone, and Lucy works.
    expect(await migrate(world.target())).toEqual([]);
  },
  120_000,
);

test.skipIf(testEngine === 'sqlite')(
  'Ctrl-C in the middle is told, a second copy at the same time does nothing, and the source stays as it was',
  async () => {
    const world = await slowlyFilled(3);
    const { knex } = world.target();
    const ctrlC = new AbortController();
    const first = world.copy(really, { signal: ctrlC.signal });
    await inTheMiddle(knex);
    const second = await world.copy(['--rehearse', ...really]);
    ctrlC.abort();
    const interrupted = await first;

    expect(interrupted).toMatchObject({ code: 1 });
    expect(interrupted.err).toContain('The copy was interrupted. The target holds nothing');
    expect(second).toMatchObject({ code: 1 });
    expect(second.err).toContain('what it writes meanwhile would be lost');
    expect(await knex('customers')).toEqual([]);
    const source = openDatabase(world.source.url);
    expect(await source.knex('customers').pluck('email')).toEqual(['sofia@firm.com']);
    await source.close();
  },
  120_000,
);

test.skipIf(testEngine === 'sqlite')(
  'two copies into one target: one of them does nothing',
  async () => {
    const world = await slowlyFilled(3);
    const { knex } = world.target();
    const first = world.copy(['--rehearse', ...really]);
    await inTheMiddle(knex);
    const second = await world.copy(['--rehearse', ...really]);

    expect(second).toMatchObject({ code: 1, err: expect.stringContaining('Another db copy is filling') });
    expect(await first).toMatchObject({ code: 0 });
  },
  120_000,
);

test.skipIf(testEngine === 'sqlite')(
  'a rehearsal runs beside a Lucy who writes, sees one moment, and leaves the target empty and refused',
  async () => {
    const world = await movingWorld();
    const { knex } = world.source.database;
    await knex('customers').insert({ id: 'cust_1', email: 'sofia@firm.com', created_at: 1 });
    let written = 1;
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        written++;
        await knex('customers').insert({
          id: `cust_${written}`,
          email: `c${written}@firm.com`,
          created_at: 1,
        });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    const rehearsed = await world.copy(['--rehearse', ...really, '--json'], { keepsOpen: true });
    isOver = true;
    await writing;

    expect(rehearsed.code, rehearsed.err).toBe(0);
    const { tables } = JSON.parse(rehearsed.out) as { tables: { name: string; rows: number }[] };
    const rows = tables.find(({ name }) => name === 'customers')?.rows ?? 0;
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(written);
    expect(await world.target().knex('customers')).toEqual([]);
    await expect(migrate(world.target())).rejects.toThrow('which did not finish or was a rehearsal');
  },
  120_000,
);
