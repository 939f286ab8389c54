import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { rounds, spread, tellFigure } from '#test/world/figures.ts';
import { type Fleet, type Role, startFleet } from '#test/world/fleet.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { hasRedis, type TestRedis, testRedis } from '#test/world/redis.ts';
import { grantingTo, type Spending, spending } from '#test/world/spending.ts';
import {
  type Cluster,
  lacksPostgresTools,
  postgresTools,
  startCluster,
} from '#test/world/system-postgres.ts';
import { type Upgrades, upgrading } from '#test/world/upgrades.ts';

const SLOW_MS = 600_000 * rounds(1);
const RESTARTS = rounds(4);
const CUTS = rounds(10);
const POINTS = rounds(8);
const PAUSES = rounds(2);
const CRASHES = rounds(2);
const UPGRADES = RESTARTS + 1 + POINTS + PAUSES + CRASHES;

const faulty = fileURLToPath(new URL('../world/programs/faulty.ts', import.meta.url));
const lacks = testEngine === 'postgres' && (lacksPostgresTools('F24, F25, F37 and F40') || !hasRedis);

type Storm = { fleet: Fleet; cluster: Cluster; redis: TestRedis; load: Spending; upgrades: Upgrades };

test.skipIf(testEngine !== 'postgres' || lacks)(
  'F24, F25, F37, F40: two web and two worker processes under load, while everything around them breaks; nothing is lost, doubled or negative',
  async () => {
    const storm = await startStorm();
    await restartPostgres(storm);
    await loseRedis(storm);
    await standStill(storm);
    await crash(storm);

    const { fleet, load, upgrades } = storm;
    await load.end();
    const whole = await upgrades.settle(load.spent);
    expect(whole).toMatchObject({ lost: 0, doubled: 0, negative: 0 });
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
    tellFigure(
      'F24, F25, F37, F40 together',
      `${load.spent.size} spends and ${UPGRADES} upgrades under all of it`,
      `0 lost, 0 doubled, 0 negative; ${whole.marked} messages marked as perhaps repeated`,
    );
  },
  SLOW_MS,
);

async function startStorm(): Promise<Storm> {
  const cluster = await startCluster(postgresTools ?? '');
  onTestFinished(() => cluster.stop());
  const database = openDatabase(cluster.url, { poolMax: 1 });
  await migrate(database);
  await database.close();
  const redis = await testRedis();
  const env = { NODE_OPTIONS: `--import=${faulty} --max-old-space-size=160` };
  const fleet = await startFleet({ redis, databaseUrl: cluster.url, env });
  const [spender, ...others] = await fleet.addCustomers(1 + UPGRADES);
  const email = spender?.email ?? '';
  expect(await fleet.terminal(grantingTo(email))).toMatchObject({ code: 0 });
  const load = spending(fleet, email);
  await load.more();
  return { fleet, cluster, redis, load, upgrades: upgrading(fleet, others) };
}

/** F24: in order and as a crash, in turn, while the product spends and a customer upgrades; and every connection cut. */
async function restartPostgres({ fleet, cluster, load, upgrades }: Storm): Promise<void> {
  load.longestStall();
  for (let round = 0; round < RESTARTS; round++) {
    const upgraded = upgrades.upgrade();
    await load.more(2);
    await cluster.restart(round % 2 === 0 ? 'fast' : 'immediate');
    await load.more(2);
    await upgraded;
  }
  const upgraded = upgrades.upgrade();
  for (let cut = 0; cut < CUTS; cut++) {
    await fleet.database.knex.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await load.more();
  }
  await upgraded;
  tellFigure(
    'F24',
    `Postgres restarted ${RESTARTS} times under load, and every connection cut ${CUTS} times`,
    `longest stall ${load.longestStall()} ms`,
  );
}

/** F25: emptied, or killed and started again, at some moment of an upgrade. */
async function loseRedis({ redis, upgrades }: Storm): Promise<void> {
  const delays: number[] = [];
  for (let point = 0; point < POINTS; point++) {
    const upgraded = upgrades.upgrade();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    if (point % 2 === 0) await redis.say('FLUSHALL');
    else await redis.kill();
    delays.push(await upgraded);
    if (point % 2 === 1) await redis.start();
  }
  tellFigure(
    'F25',
    `Redis emptied or killed at ${POINTS} moments`,
    `from Stripe’s webhook to the tier ${spread(delays)}`,
  );
  // Poll and two seconds is asked for; a busy machine alone may take longer, a lost ring that nobody looks for never ends.
  expect(Math.max(...delays)).toBeLessThan(60_000);
}

/** F37: whoever has a customer's lease stands still before Stripe answers; another does it; it goes on, and writes nothing. */
async function standStill({ fleet, upgrades }: Storm): Promise<void> {
  let fenced = 0;
  for (let round = 0; round < PAUSES; round++) {
    const [holder, other] = round % 2 === 0 ? fleet.workers() : fleet.workers().reverse();
    if (!holder || !other) throw new Error('There are no two workers');
    other.pause();
    // What the other had begun is the holder's when the lease is over: everything is its own then.
    const stillBefore = fencedIn(fleet);
    // Nobody but the holder can ask for this customer: what is asked for others may still be the other's.
    const stripeId = upgrades.next();
    const stopHearing = fleet.stripe.onRequest(({ path, params }) => {
      if (!path.startsWith('/v1/subscriptions') || params.customer !== stripeId) return;
      stopHearing();
      holder.pause();
      other.resume();
    });
    await upgrades.upgrade();
    holder.resume();
    await fleet.until(
      async () => fencedIn(fleet),
      (count) => count > stillBefore,
    );
    fenced += fencedIn(fleet) - stillBefore;
  }
  expect(fenced).toBeGreaterThanOrEqual(PAUSES);
  tellFigure(
    'F37',
    `the holder of a lease stood still (SIGSTOP) for longer than it lasts, ${PAUSES} times`,
    `${fenced} late writes refused`,
  );
}

function fencedIn({ members }: Fleet): number {
  return members.flatMap(({ logs }) => logs.filter(({ event }) => event === 'sync_fenced')).length;
}

/** F40: a promise that nobody caught in a web process, memory that ends in a worker; whoever watches starts it anew. */
async function crash({ fleet, load, upgrades }: Storm): Promise<void> {
  const backAfter: number[] = [];
  for (let round = 0; round < CRASHES; round++) {
    const role: Role = round % 2 === 0 ? 'web' : 'worker';
    const member = fleet.members.find((one) => one.role === role);
    if (!member) throw new Error(`There is no ${role}`);
    const upgraded = upgrades.upgrade();
    process.kill(member.pid, role === 'web' ? 'SIGUSR2' : 'SIGHUP');
    const code = await member.exited;
    const since = performance.now();
    if (role === 'web') {
      expect(code).toBe(1);
      // What was being answered at that moment may still be logged after it.
      expect(member.logs.map(({ event }) => event)).toContain('crashed');
    } else expect(code).not.toBe(0);
    await fleet.kill(member);
    await fleet.start(role);
    backAfter.push(performance.now() - since);
    await upgraded;
    await load.more(2);
  }
  tellFigure(
    'F40',
    `${CRASHES} processes crashed (a promise nobody caught, memory at its end) and were started anew`,
    `back after ${spread(backAfter)}`,
  );
}
