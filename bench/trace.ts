import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { listAuditByCorrelation } from '../db/audit-events.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { describeTrail } from '../src/diagnosis/describe-trail.ts';
import type { Elsewhere } from '../src/diagnosis/elsewhere.ts';
import { followId } from '../src/diagnosis/follow.ts';
import { startPostgres } from './postgres.ts';
import { median } from './report.ts';

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
/** An act leaves about so many rows under one correlation id. */
const ROWS_A_CORRELATION = 5;
const FILL = 100_000;
const LOOKS = 400;
const START = Date.UTC(2026, 0, 1);

/**
 * `trace` by correlation id among many audit rows (research: performance, G), at the database and as the command answers
 * it. Ten million rows (BENCH_ROWS) take 5 to 10 GB under TMPDIR for each engine, and half an hour to fill.
 */
export async function benchTrace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  // Postgres runs as a user of its own.
  await chmod(folder, 0o777);
  try {
    const rows = [await measure('SQLite', `sqlite:${join(folder, 'lucy.db')}`)];
    const postgres = await startPostgres(join(folder, 'pg'));
    try {
      rows.push(await measure('Postgres', postgres.url));
    } finally {
      await postgres.stop();
    }
    return [
      `## \`trace\` among ${ROWS.toLocaleString('en-US')} audit rows`,
      '',
      `${LOOKS} ids at random on ${cpus().length} cores, Node ${process.version}. Milliseconds.`,
      '',
      '| engine | audit rows of one id, p50 / p99 | the whole trail as the command shows it, p50 / p99 |',
      '| --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** No log index and no Sentry is asked: what they take is theirs. */
const NOWHERE: Elsewhere = {
  ids: [],
  from: 0,
  to: 0,
  logs: { kind: 'unasked' },
  sentry: { kind: 'unasked' },
};

async function measure(engine: string, url: string): Promise<string> {
  const database = openDatabase(url, { checkpointThread: true });
  try {
    await migrate(database);
    for (let from = 0; from < ROWS; from += FILL) await fill(database, from, Math.min(FILL, ROWS - from));
    if (database.engine === 'postgres') await database.knex.raw('analyze audit_events');
    const { knex } = database;
    const atDatabase = await timesOf((id) => listAuditByCorrelation(knex, id));
    const asCommand = await timesOf(async (id) => {
      const trail = await followId(knex, id, START + ROWS);
      return describeTrail(id, trail, NOWHERE).facts ?? [];
    });
    return `| ${engine} | ${atDatabase} | ${asCommand} |`;
  } finally {
    await database.close();
  }
}

async function timesOf(look: (id: string) => Promise<readonly unknown[]>): Promise<string> {
  const took: number[] = [];
  for (let count = 0; count < LOOKS; count++) {
    const number = Math.floor(Math.random() * (ROWS / ROWS_A_CORRELATION));
    const since = performance.now();
    await look(`cor_01${String(number).padStart(24, '0')}`);
    // The first looks load code and pages that a running process has.
    if (count >= LOOKS / 10) took.push(performance.now() - since);
  }
  const sorted = took.sort((a, b) => a - b);
  return `${median(sorted).toFixed(2)} / ${(sorted[Math.floor(sorted.length * 0.99)] ?? 0).toFixed(2)}`;
}

/** So many rows from this number on, made by the database itself: five for each correlation id, of 50,000 customers. */
async function fill({ knex, engine }: Database, from: number, count: number): Promise<void> {
  const numbers =
    engine === 'sqlite'
      ? 'with recursive numbers(n) as (select ? union all select n + 1 from numbers where n + 1 < ?)'
      : 'with numbers as (select n from generate_series(?::bigint, ?::bigint - 1) as n)';
  const padded = (text: string) =>
    engine === 'sqlite' ? `printf('%024d', ${text})` : `lpad((${text})::text, 24, '0')`;
  await knex.raw(
    `${numbers}
    insert into audit_events
      (id, at, actor_id, actor_name, person, surface, command, outcome, customer_id, input, before, after, reason, correlation_id)
    select 'aud_01' || ${padded('n')}, ? + n, 'api:product', 'product', 'api:product', 'api', 'credits consume', 'done',
      'cust_01' || ${padded('n % 50000')}, '{"customer":"sofia@firm.com","amount":1}', '{"credits":10}',
      '{"credits":9,"entry":"led_01jd0000000000000000000000"}', 'Used in the product',
      'cor_01' || ${padded(`n / ${ROWS_A_CORRELATION}`)}
    from numbers`,
    [from, from + count, START],
  );
}
