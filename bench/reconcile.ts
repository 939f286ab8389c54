import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { asDeployed } from './as-deployed.ts';
import { startServer } from './child.ts';
import type { Cost } from './reconcile-cost.ts';
import { fillMirror } from './reconcile-fill.ts';
import { createdOf } from './reconcile-subscription.ts';
import { median } from './report.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const COMPARED = Number(process.env.BENCH_COMPARED ?? 200_000);
const PARALLEL = '8';
/** A page takes so long at the real Stripe; 32 at a time are then more than the pace lets through. */
const LATENCY_MS = 150;
const SIDE_BY_SIDE = '32';
/** The most that settings allow, and what Stripe allows a live account in all. */
const PACE = 100;
const ROWS = 100;
const sizes = (process.env.BENCH_SIZES ?? '10000,100000,1000000').split(',').map(Number);

/** Reconciliation's own cost of a page against the bare pager, and its peak memory by size (research: performance, D). */
export async function benchReconcile(): Promise<string> {
  const { floor, lucy } = await compareCosts();
  const ratios = lucy.map((round, index) => round.cpuMsPerPage / (floor[index]?.cpuMsPerPage ?? 1));
  const lines = [
    '## Reconciliation, 100 subscriptions of 3 KB a page',
    '',
    `${ROUNDS} interleaved rounds of ${COMPARED.toLocaleString('en-US')} subscriptions on ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, SQLite, ${PARALLEL} lists side by side, Stripe answering at once.`,
    '',
    '| reader | CPU ms/page | pages/s |',
    '| --- | --- | --- |',
    row('floor: the SDK’s pager and one IN (100) a page, nothing kept', floor),
    row('Lucy: compared in both directions, the place kept', lucy),
    '',
    `Ratio of CPU within a round, median: ${median(ratios).toFixed(2)}.`,
    '',
    `Each page ${LATENCY_MS} ms after it was asked for, ${SIDE_BY_SIDE} lists side by side, a pace of ${PACE} calls a second:`,
    '',
    '| subscriptions | pages | seconds | of the pace | CPU ms/page | peak RSS MB |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const size of sizes) {
    const cost = await measureSize(size);
    const least = size / ROWS / PACE;
    lines.push(
      `| ${size.toLocaleString('en-US')} | ${cost.pages.toLocaleString('en-US')} | ${cost.seconds.toFixed(1)} | ${((100 * least) / cost.seconds).toFixed(0)} % | ${cost.cpuMsPerPage.toFixed(2)} | ${cost.peakMb.toFixed(0)} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function compareCosts(): Promise<{ floor: Cost[]; lucy: Cost[] }> {
  return withFilled(COMPARED, 0, async ({ url, folder, stripeUrl }) => {
    const range = [String(createdOf(COMPARED)), String(createdOf(0) + 1)];
    const costs: { floor: Cost[]; lucy: Cost[] } = { floor: [], lucy: [] };
    for (let round = 0; round < ROUNDS; round++) {
      costs.floor.push(await child(['bench/reconcile-floor.ts', url, stripeUrl, PARALLEL, ...range]));
      const fresh = join(folder, `round-${round}.db`);
      await copyFile(url.slice('sqlite:'.length), fresh);
      costs.lucy.push(await child(['bench/reconcile-lucy.ts', `sqlite:${fresh}`, stripeUrl, PARALLEL]));
    }
    return costs;
  });
}

const measureSize = (size: number) =>
  withFilled(size, LATENCY_MS, ({ url, stripeUrl }) =>
    child(['bench/reconcile-lucy.ts', url, stripeUrl, SIDE_BY_SIDE, String(PACE)]),
  );

type Filled = { url: string; folder: string; stripeUrl: string };

async function withFilled<T>(
  size: number,
  latencyMs: number,
  work: (filled: Filled) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  const pages = await startServer(['bench/reconcile-pages.ts', String(size), String(latencyMs)], {});
  try {
    const url = `sqlite:${join(folder, 'lucy.db')}`;
    const database = openDatabase(url);
    await migrate(database);
    await fillMirror(database.knex, size);
    await database.knex.raw('pragma wal_checkpoint(truncate)');
    await database.close();
    return await work({ url, folder, stripeUrl: `http://127.0.0.1:${pages.port}` });
  } finally {
    await pages.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function child(args: string[]): Promise<Cost> {
  const process_ = spawn(process.execPath, [...asDeployed, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  for await (const chunk of process_.stdout) out += chunk;
  const cost = JSON.parse(out) as Cost;
  if (cost.state !== 'done' || cost.found > 0) throw new Error(`It ended as ${out}`);
  return cost;
}

function row(name: string, costs: readonly Cost[]): string {
  const pace = costs.map((cost) => cost.pages / cost.seconds);
  return `| ${name} | ${median(costs.map((cost) => cost.cpuMsPerPage)).toFixed(2)} | ${median(pace).toFixed(0)} |`;
}
