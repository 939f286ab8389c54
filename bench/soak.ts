import { join } from 'node:path';
import { people } from '../sandbox/cast.ts';
import { asDeployed } from './as-deployed.ts';
import type { BurstStripe } from './burst-stripe.ts';
import type { Server } from './child.ts';
import { inFolder } from './folder.ts';
import { describeSoak, type Sample } from './soak-report.ts';
import { hourly, type Kind, trafficTo } from './soak-traffic.ts';
import { withLucy } from './with-lucy.ts';

const MINUTES = Number(process.env.BENCH_SOAK_MINUTES ?? 10);
/** An hour in ten minutes; a shorter soak is a part of that hour, at the same pace. */
const PER_MINUTE = 1 / 10;
const LOOK_MS = 5_000;
const TICK_MS = 20;
const CUSTOMERS = 2_000;

/** Left to itself, V8 lets hundreds of megabytes of rubbish stand for minutes, and a leak could not be told from them. */
const HEAP_MB = 128;

/** Long enough for an answer; a call that takes longer ends the soak. */
const PATIENCE_MS = 30_000;

/**
 * An hour of a company's traffic in ten minutes, `BENCH_SOAK_MINUTES` for less: webhooks that passes follow, spends,
 * reads and commands, with all roles in one process; whether its memory grows, and how late its event loop is.
 */
export async function benchSoak(): Promise<string> {
  return inFolder(async (folder) => {
    const url = `sqlite:${join(folder, 'lucy.db')}`;
    // Sam may look customers up.
    const settings = { roles: { support: { members: [people.sam.id] } } };
    const options = [...asDeployed, `--max-old-space-size=${HEAP_MB}`];
    return withLucy({ folder, url, customers: CUSTOMERS }, { settings, options }, soak);
  });
}

async function soak(lucy: Server, stripe: BurstStripe): Promise<string> {
  const ask = await trafficTo(lucy);
  const kinds = Object.keys(hourly) as Kind[];
  const asked: Record<Kind, number> = { webhook: 0, spend: 0, read: 0, command: 0 };
  const failures: unknown[] = [];
  let cutOff = 0;
  const underWay = new Set<Promise<void>>();
  const samples: Sample[] = [];
  const total = () => Object.values(asked).reduce((sum, count) => sum + count, 0);
  const cpuBefore = await lucy.cpuMs();
  const since = performance.now();
  const lastMs = MINUTES * 60_000;
  let lookedMs = 0;
  while (performance.now() - since < lastMs && failures.length === 0) {
    const passedMs = performance.now() - since;
    for (const kind of kinds) {
      const due = Math.floor((hourly[kind] * PER_MINUTE * passedMs) / 60_000);
      for (; asked[kind] < due; asked[kind]++) {
        const call = withPatience(ask[kind]((asked[kind] * 7_919) % CUSTOMERS))
          .catch((error: unknown) => {
            if (isCutOff(error)) cutOff += 1;
            else failures.push(error);
          })
          .finally(() => underWay.delete(call));
        underWay.add(call);
      }
    }
    if (passedMs - lookedMs >= LOOK_MS) {
      lookedMs = passedMs;
      const sample = await look(lucy, total()).catch((error: unknown) => {
        if (isCutOff(error)) return null;
        throw error;
      });
      if (sample) samples.push(sample);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
  const words = `${asked.webhook.toLocaleString('en-US')} webhooks, ${asked.spend.toLocaleString('en-US')} spends, ${asked.read.toLocaleString('en-US')} entitlement reads, ${asked.command.toLocaleString('en-US')} commands, and ${stripe.calls().toLocaleString('en-US')} calls to Stripe for them (${cutOff} calls met a connection that was just being closed)`;
  const passedMs = performance.now() - since;
  const cpu = ((await lucy.cpuMs()) - cpuBefore) / passedMs;
  return describeSoak(samples, HEAP_MB, passedMs / 1000, cpu, words);
}

async function look(lucy: Server, operations: number): Promise<Sample> {
  const text = await (await fetch(`http://127.0.0.1:${lucy.port}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const { anonymous, files } = await lucy.memoryMb();
  return {
    operations,
    anonymousMb: anonymous,
    filesMb: files,
    committedMb: value('nodejs_heap_size_total_bytes') / 2 ** 20,
    heapMb: value('nodejs_heap_size_used_bytes') / 2 ** 20,
    lagP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1000,
  };
}

/** An idle connection that was closed at the moment of its next use: whoever asks in earnest asks again. */
function isCutOff(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET';
}

async function withPatience(call: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
