import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BurstStripe, startBurstStripe } from './burst-stripe.ts';
import { median } from './report.ts';

type Drain = { seconds: number; cpuSeconds: number; calls: number; rssMb: number };

/** Customers of a round, and how many rounds of it. Singly, 10,000 take seven minutes, so that is done once. */
const sizes = [
  { customers: 1_000, rounds: 3 },
  { customers: 10_000, rounds: 1 },
];
/** No backlog ever reaches this. */
const NEVER = 1_000_000;

/** A burst of renewals drained by list pages and one by one (reliability F28). About 12 minutes. */
export async function benchBurst(): Promise<string> {
  const rows: string[] = [];
  for (const { customers, rounds } of sizes) {
    const stripe = await startBurstStripe(customers);
    const bulk: Drain[] = [];
    const single: Drain[] = [];
    for (let round = 0; round < rounds; round++) {
      bulk.push(await drain(stripe, customers, 500));
      single.push(await drain(stripe, customers, NEVER));
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
    '| customers | rounds | way | drain, s | calls to Stripe | CPU, s | peak memory above idle, MB |',
    '| --- | --- | --- | --- | --- | --- | --- |',
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
  const row = (way: string, drains: Drain[]) =>
    `| ${customers} | ${drains.length} | ${way} | ${median(drains.map((one) => one.seconds)).toFixed(1)} | ${median(drains.map((one) => one.calls))} | ${median(drains.map((one) => one.cpuSeconds)).toFixed(1)} | ${median(drains.map((one) => one.rssMb)).toFixed(0)} |`;
  const ratio = (pick: (one: Drain) => number) =>
    median(bulk.map((one, at) => pick(one) / pick(single[at] ?? one))).toFixed(3);
  return [
    row('list pages', bulk),
    row('one by one', single),
    `| | | ratio | ${ratio((one) => one.seconds)} | ${ratio((one) => one.calls)} | ${ratio((one) => one.cpuSeconds)} | |`,
  ];
}
