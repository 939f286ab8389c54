import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { shareCalls } from '../src/core/share-calls.ts';
import { proveLedger } from '../src/credits/prove.ts';
import { createSpendTogether } from '../src/credits/spend-together.ts';
import { type FloorLedger, postgresFloor, sqliteFloor } from './ledger-floor.ts';
import { benchCause, seedCustomers, spendAlone, spendOf } from './ledger-lucy.ts';
import { startPostgres } from './postgres.ts';
import { median } from './report.ts';

const CALLERS = 256;
const ROUNDS = 5;
const ROUND_MS = Number(process.env.BENCH_ROUND_MS ?? 2_000);
const SPREAD = 10_000;

/** Whose turn it is: scattered, because no company’s customers come one after the other. */
const accountOf = (count: number, accounts: number): number =>
  (Math.imul(count, 0x9e3779b1) >>> 0) % accounts;

type Subject = { name: string; callers: number; call(count: number): Promise<unknown> };
type Figure = { perSecond: number; cpuMicros: number };

/**
 * Spending one credit at the domain function, on one account and on many (research: performance, C). Of Lucy's calls
 * 5 % repeat a key and 5 % find an empty balance; the floor is spared both. Of many accounts both take the same ones in the
 * same order, by a multiplicative hash of the number of the call. About two minutes.
 */
export async function benchLedger(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  // Postgres runs as a user of its own.
  await chmod(folder, 0o777);
  const postgres = await startPostgres(join(folder, 'pg'));
  try {
    const rows: string[] = [];
    for (const accounts of [1, SPREAD]) {
      const file = join(folder, `${accounts}.db`);
      const floors = [
        sqliteFloor(join(folder, `floor-${accounts}.db`), accounts),
        await postgresFloor(postgres.url, accounts),
      ];
      rows.push(...(await measure('SQLite', `sqlite:${file}`, floors[0] as FloorLedger, accounts)));
      rows.push(...(await measure('Postgres', postgres.url, floors[1] as FloorLedger, accounts)));
    }
    return [
      '## Ledger: spending one credit',
      '',
      `${ROUNDS} interleaved rounds of ${ROUND_MS / 1000} s on ${cpus().length} cores, Node ${process.version}, ${CALLERS} callers. CPU is that of the program, without Postgres.`,
      '',
      '| engine, accounts | way | spends/s | CPU µs | ratio to the floor | to a knex transaction |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(engine: string, url: string, floor: FloorLedger, accounts: number): Promise<string[]> {
  const database = openDatabase(url, { checkpointThread: true });
  await migrate(database);
  const subjects = [floorSubject(floor, accounts), ...(await lucySubjects(database, accounts))];
  const figures = new Map(subjects.map(({ name }) => [name, [] as Figure[]]));
  for (const subject of subjects) await drive(subject);
  for (let round = 0; round < ROUNDS; round++)
    for (const subject of subjects) figures.get(subject.name)?.push(await drive(subject));
  if ((await proveLedger(database.knex, benchCause())) > 0) throw new Error('The ledger does not add up');
  await database.close();
  await floor.close();
  const [base = [], , knex = []] = [...figures.values()];
  return subjects.map(({ name }) => {
    const own = figures.get(name) ?? [];
    const ratio = (to: Figure[]) =>
      median(own.map((figure, index) => figure.perSecond / (to[index]?.perSecond ?? 1)));
    const shown = (pick: (figure: Figure) => number) => median(own.map(pick)).toFixed(0);
    return `| ${engine}, ${accounts.toLocaleString('en-US')} | ${name} | ${shown((figure) => figure.perSecond)} | ${shown((figure) => figure.cpuMicros)} | ${ratio(base).toFixed(2)} | ${ratio(knex).toFixed(1)} |`;
  });
}

function floorSubject(floor: FloorLedger, accounts: number): Subject {
  const post = shareCalls<{ account: number; key: string }, void>(CALLERS, async (batch) => {
    await floor.post(batch);
    return batch.map(() => ({ answer: undefined }));
  });
  return {
    name: 'floor: conditional update and entry, grouped',
    callers: CALLERS,
    call: (count) => post({ account: accountOf(count, accounts), key: `${count}` }),
  };
}

async function lucySubjects(database: Database, accounts: number): Promise<Subject[]> {
  const customers = await seedCustomers(database, accounts, 1);
  const poor = customers[accounts] ?? '';
  const together = createSpendTogether(database);
  /** Every twentieth asks for more than a poor customer has, and every twentieth repeats the call before it. */
  const spend = (kind: string, count: number) => {
    if (count % 20 === 7) return spendOf(poor, `${kind}-${count}`, 2);
    const number = count % 20 === 13 ? count - 1 : count;
    return spendOf(customers[accountOf(number, accounts)] ?? '', `${kind}-${number}`, 1);
  };
  return [
    { name: 'Lucy', callers: CALLERS, call: (count) => together(spend('shared', count)) },
    {
      name: 'the same rows, a knex transaction each',
      callers: 16,
      call: (count) => spendAlone(database, spend('alone', count)).catch(() => {}),
    },
  ];
}

const calls = new Map<string, number>();

async function drive({ name, callers, call }: Subject): Promise<Figure> {
  const from = calls.get(name) ?? 0;
  let count = from;
  const since = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - since < ROUND_MS) await call(count++);
    }),
  );
  const used = process.cpuUsage(cpu);
  const done = Math.max(count - from, 1);
  calls.set(name, count);
  return {
    perSecond: (done * 1000) / (performance.now() - since),
    cpuMicros: (used.user + used.system) / done,
  };
}
