import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BurstStripe, PER_SECOND, startBurstStripe } from './burst-stripe.ts';
import { median } from './report.ts';

type Drain = { seconds: number; cpuSeconds: number; calls: number; rssMb: number };

const sizes = (process.env.BENCH_SIZES ?? '1000,10000,100000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 1);
/** One by one, 10,000 take seven minutes and 100,000 more than an hour, whatever the program does. */
const SINGLY_MAX = Number(process.env.BENCH_SINGLY_MAX ?? 1_000);
/** No backlog ever reaches this. */
const NEVER = 1_000_000;

/** A burst of renewals drained by list pages and, where there are few, one by one (reliability F28). About six minutes. */
export async function benchBurst(): Promise<string> {
  const rows: string[] = [];
  for (const customers of sizes) {
    const stripe = await startBurstStripe(customers);
    const bulk: Drain[] = [];
    const single: Drain[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bulk.push(await drain(stripe, customers, 500));
      if (customers <= SINGLY_MAX) single.push(await drain(stripe, customers, NEVER));
    }
    await stripe.close();
    rows.push(...compared(customers, bulk, single));
  }
  return [
    '## A burst of renewals',
    '',
    `On ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, SQLite. Every customer has one event of a paid invoice; all are stored before`,
    'the drain begins. A bench Stripe answers each call after 20 ms and 25 calls a second on each endpoint, later ones in turn.',
    '',
    '| customers | rounds | way | drain, s | calls to Stripe | these at the pace, s | CPU, s | peak memory above idle, MB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function drain(stripe: BurstStripe, customers: number, threshold: number): Promise<Drain> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  stripe.forget();
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        'bench/burst-lucy.ts',
        `sqlite:${join(folder, 'lucy.db')}`,
        stripe.url,
        String(customers),
        String(threshold),
      ],
      { env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }, maxBuffer: 2 ** 24 },
    );
    const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
    if (said.right !== customers) throw new Error(`Only ${said.right} of ${customers} have their credits`);
    return {
      seconds: said.drainMs / 1000,
      cpuSeconds: said.cpuMs / 1000,
      calls: stripe.calls(),
      rssMb: said.rssMb,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compared(customers: number, bulk: Drain[], single: Drain[]): string[] {
  const row = (way: string, drains: Drain[], endpoints: number) => {
    const calls = median(drains.map((one) => one.calls));
    return `| ${customers} | ${drains.length} | ${way} | ${median(drains.map((one) => one.seconds)).toFixed(1)} | ${calls} | ${(calls / endpoints / PER_SECOND).toFixed(1)} | ${median(drains.map((one) => one.cpuSeconds)).toFixed(1)} | ${median(drains.map((one) => one.rssMb)).toFixed(0)} |`;
  };
  // Of the lists one is read after the other; one by one, both endpoints are asked at the same time.
  const pages = row('list pages', bulk, 1);
  if (single.length === 0) return [pages];
  const ratio = (pick: (one: Drain) => number) =>
    median(bulk.map((one, at) => pick(one) / pick(single[at] ?? one))).toFixed(3);
  return [
    pages,
    row('one by one', single, 2),
    `| | | ratio | ${ratio((one) => one.seconds)} | ${ratio((one) => one.calls)} | | ${ratio((one) => one.cpuSeconds)} | |`,
  ];
}
