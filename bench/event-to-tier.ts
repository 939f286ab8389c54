import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Server } from './child.ts';
import { inFolder } from './folder.ts';
import { API_KEY } from './lucy-env.ts';
import { startPostgres } from './postgres.ts';
import { emailOf } from './soak-traffic.ts';
import { signedEvent } from './webhooks.ts';
import { readPaidInvoice, withLucy } from './with-lucy.ts';

/** Of Stripe's 25 calls a second on each endpoint, of which a customer takes one on each of two. */
const PER_SECOND = Number(process.env.BENCH_PER_SECOND ?? 15);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 40);
/** The first are for warming up, and count for nothing. */
const WARM_SECONDS = 5;
/** As far as Stripe is from most servers. */
const LATENCY_MS = 150;
/** So often the product asks whether the tier has come. */
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

/**
 * From the moment at which Stripe sends an event until `GET /api/entitlements` answers the tier that was paid for, one
 * customer after the other at an even pace under Stripe's limits, all of Lucy in one process. About two minutes.
 */
export async function benchEventToTier(): Promise<string> {
  return inFolder(async (folder) => {
    const postgres = await startPostgres(join(folder, 'postgres'));
    try {
      const rows = [
        rowOf('SQLite', await measure(folder, `sqlite:${join(folder, 'lucy.db')}`)),
        rowOf('Postgres', await measure(folder, postgres.url)),
      ];
      return [
        '## From an event to the tier as a customer sees it',
        '',
        `${PER_SECOND} customers a second for ${SECONDS - WARM_SECONDS} s after a warm-up, on ${cpus().length} cores, Node ${process.version}. A bench Stripe answers after ${LATENCY_MS} ms; each customer takes two calls.`,
        '',
        '| engine | customers | p50 ms | p95 ms | slowest ms |',
        '| --- | --- | --- | --- | --- |',
        ...rows,
        '',
      ].join('\n');
    } finally {
      await postgres.stop();
    }
  });
}

function rowOf(engine: string, waits: number[]): string {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(0);
  return `| ${engine} | ${sorted.length} | ${at(0.5)} | ${at(0.95)} | ${(sorted.at(-1) ?? Number.NaN).toFixed(0)} |`;
}

async function measure(folder: string, url: string): Promise<number[]> {
  const customers = PER_SECOND * SECONDS;
  const paid = await readPaidInvoice();
  // The bench's Stripe has told of every payment before its event: a comparison would only find that.
  const settings = { reconcile: { nightly_at: 'never' } };
  const given = { settings, options: [], latencyMs: LATENCY_MS };
  return withLucy({ folder, url, customers }, given, async (lucy) => {
    const since = performance.now();
    const waits = await Promise.all(
      Array.from({ length: customers }, async (_none, customer) => {
        const sendAt = since + (customer * 1_000) / PER_SECOND;
        await sleep(sendAt - performance.now());
        return untilPro(lucy, paid, customer);
      }),
    );
    return waits.slice(PER_SECOND * WARM_SECONDS);
  });
}

/** How many milliseconds it took from sending the event on. */
async function untilPro(lucy: Server, paid: string, customer: number): Promise<number> {
  const base = `http://127.0.0.1:${lucy.port}`;
  const event = signedEvent(paid, { customer: `cus_${customer}`, object: `in_${customer}` });
  const since = performance.now();
  const taken = await fetch(`${base}/api/billing/webhook`, { method: 'POST', ...event });
  if (taken.status !== 200) throw new Error(`The webhook was answered with ${taken.status}`);
  const path = `${base}/api/entitlements?email=${encodeURIComponent(emailOf(customer))}`;
  while (performance.now() - since < PATIENCE_MS) {
    const answer = await fetch(path, { headers: { authorization: `Bearer ${API_KEY}` } });
    if (((await answer.json()) as { tier?: string }).tier === 'pro') return performance.now() - since;
    await sleep(LOOK_MS);
  }
  throw new Error(`Customer ${customer} has no tier after ${PATIENCE_MS / 1000} s`);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}
