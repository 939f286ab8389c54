import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { proveLedger } from '../src/credits/prove.ts';
import { type Given, jobsOf } from '../src/jobs/schedule.ts';
import { createWorker } from '../src/jobs/worker.ts';
import { type ApplyFloor, postgresApplyFloor, sqliteApplyFloor } from './apply-floor.ts';
import { measureTogether } from './apply-together.ts';
import { addCustomers, benchDeps, creditsAfter, eventOf, type Step, storeStep } from './apply-world.ts';
import { benchCause } from './ledger-lucy.ts';
import { startPostgres } from './postgres.ts';
import { median } from './report.ts';

const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 1_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

type Figure = { perSecond: number; cpuMicros: number };

/**
 * Applying stored events: each customer's one event, Stripe's answers out of memory, drained as Lucy's worker does
 * (research: performance, B). Two steps, of which the second renews or upgrades. About two minutes.
 */
export async function benchApply(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  // Postgres runs as a user of its own.
  await chmod(folder, 0o777);
  const rows: string[] = [];
  const all = CUSTOMERS * (ROUNDS + 1);
  const sqlite = sqliteApplyFloor(join(folder, 'floor.db'), all);
  rows.push(...(await measure('SQLite', `sqlite:${join(folder, 'lucy.db')}`, sqlite)));
  const together: string[] = [];
  const postgres = await startPostgres(join(folder, 'pg'));
  try {
    const floor = await postgresApplyFloor(postgres.url, all);
    rows.push(...(await measure('Postgres', postgres.url, floor)));
    together.push(...(await measureTogether(await anotherDatabase(postgres.url), CUSTOMERS)));
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return [
    '## Apply: stored events of many customers',
    '',
    `${ROUNDS} interleaved rounds of ${CUSTOMERS} customers on ${cpus().length} cores, Node ${process.version}. CPU is that of the program, without Postgres.`,
    '',
    '| engine | what | customers/s | CPU µs a customer | throughput to the floor | CPU to the floor |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Intake and apply together on Postgres, ${CUSTOMERS} events, half of them renewals and half upgrades, over 32 connections. Lucy asks Stripe, and the peer believes the payload.`,
    '',
    '| server | events/s until applied | until answered | CPU µs an event |',
    '| --- | --- | --- | --- |',
    ...together,
    '',
  ].join('\n');
}

async function anotherDatabase(url: string): Promise<string> {
  const database = openDatabase(url);
  await database.knex.raw('create database together');
  await database.close();
  return Object.assign(new URL(url), { pathname: '/together' }).href;
}

async function measure(engine: string, url: string, floor: ApplyFloor): Promise<string[]> {
  const database = openDatabase(url, { checkpointThread: true });
  await migrate(database);
  const steps = new Map<number, Step>();
  const figures = { floor: [] as Figure[], subscribe: [] as Figure[], 'move on': [] as Figure[] };
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const numbers = Array.from({ length: CUSTOMERS }, (_none, index) => round * CUSTOMERS + index);
    const keep = (name: keyof typeof figures, figure: Figure) => round > 0 && figures[name].push(figure);
    keep('floor', await drainFloor(floor, numbers));
    await addCustomers(database, numbers);
    // As Postgres does by itself within a minute: a plan for an empty table is none for a company.
    if (database.engine === 'postgres') await database.knex.raw('analyze');
    for (const step of ['subscribe', 'move on'] as const) {
      for (const at of numbers) steps.set(at, step);
      await storeStep(database, numbers, step);
      keep(step, await drainLucy(database, (at) => steps.get(at) ?? 'subscribe'));
    }
  }
  await requireRight(database, CUSTOMERS * (ROUNDS + 1));
  await database.close();
  await floor.close();
  const ratio = (own: Figure[], pick: (figure: Figure) => number) =>
    median(own.map((figure, index) => pick(figure) / pick(figures.floor[index] ?? figure))).toFixed(2);
  const row = (name: string, own: Figure[]) =>
    `| ${engine} | ${name} | ${median(own.map((figure) => figure.perSecond)).toFixed(0)} | ${median(own.map((figure) => figure.cpuMicros)).toFixed(0)} | ${ratio(own, (figure) => figure.perSecond)} | ${ratio(own, (figure) => figure.cpuMicros)} |`;
  return [
    row('floor: five rows an event, a hundred a commit', figures.floor),
    row('Lucy: a first subscription', figures.subscribe),
    row('Lucy: a renewal or an upgrade', figures['move on']),
  ];
}

async function drainFloor(floor: ApplyFloor, numbers: readonly number[]): Promise<Figure> {
  await floor.store(
    numbers.map((at) => ({ id: `evt_${at}`, customer: at, payload: JSON.stringify(eventOf(at, 'move on')) })),
  );
  return timed(numbers.length, async () => {
    while ((await floor.drain()) > 0);
  });
}

async function drainLucy(database: Database, stepOf: (at: number) => Step): Promise<Figure> {
  const deps = benchDeps(database, stepOf);
  const given = {} as Given;
  const jobs = jobsOf(deps, given).filter(({ name }) => name === 'sync');
  const worker = createWorker(jobs, deps.log);
  const count = await countWaiting(database);
  const figure = await timed(count, async () => {
    worker.start();
    while ((await countWaiting(database)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  await worker.stop();
  return figure;
}

async function countWaiting({ knex }: Database): Promise<number> {
  const row = await knex('customer_sync').whereRaw('dirty_seq > synced_seq').count({ total: '*' }).first();
  return Number(row?.total);
}

async function timed(count: number, work: () => Promise<void>): Promise<Figure> {
  const since = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (count * 1000) / (performance.now() - since), cpuMicros: (user + system) / count };
}

/** Every customer has what was paid for, once, with its message and its audit rows. */
async function requireRight(database: Database, customers: number): Promise<void> {
  const { knex } = database;
  const accounts: { customer_id: string; balance: number }[] = await knex('credit_accounts');
  const wrong = accounts.filter(
    ({ customer_id, balance }) => balance !== creditsAfter(Number(customer_id.slice('cust_'.length))),
  );
  const count = async (table: string) => Number((await knex(table).count({ total: '*' }).first())?.total);
  const counts = await Promise.all(['credit_accounts', 'audit_events', 'outbox', 'stripe_events'].map(count));
  const isCounted = counts.join() === [1, 2, 2, 2].map((times) => times * customers).join();
  if (wrong.length > 0 || !isCounted)
    throw new Error(`Wrong: ${JSON.stringify(wrong[0] ?? null)}, rows ${counts.join(', ')}`);
  const open = await knex('stripe_events').whereNot({ status: 'done' }).first('id');
  if (open) throw new Error(`Event ${open.id} is not done`);
  if ((await proveLedger(knex, benchCause())) > 0) throw new Error('The ledger does not add up');
}
