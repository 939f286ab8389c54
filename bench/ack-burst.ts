import { join } from 'node:path';
import { besideBolt, callAtPace, PER_SECOND, roundOf } from './beside-bolt.ts';
import type { Server } from './child.ts';
import { inFolder } from './folder.ts';
import { startPostgres } from './postgres.ts';
import type { Round } from './report.ts';
import { sendWebhooks, type Webhooks, webhooksOf } from './webhooks.ts';

const WEBHOOKS = Number(process.env.BENCH_WEBHOOKS ?? 10_000);
const WARM_WEBHOOKS = 1_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

/**
 * A signed command until its acknowledgement at 50 a second, while 10,000 webhooks come in (research: performance, E).
 * The floor takes the same webhooks beside its minimal Bolt: signature, JSON and a shared durable insert, and nothing is
 * done with them; Lucy's worker, whose Stripe is away, runs in the same process. `BENCH_ENGINE` chooses one engine. About
 * two minutes.
 */
export async function benchAckBurst(): Promise<string> {
  const wanted = process.env.BENCH_ENGINE?.toLowerCase();
  return inFolder(async (folder) => {
    const tables: string[] = [];
    const url = (name: string) => `sqlite:${join(folder, `${name}.db`)}`;
    if (wanted !== 'postgres')
      tables.push(await compare('SQLite', { floor: url('floor'), lucy: url('lucy') }));
    if (wanted === 'sqlite') return tables.join('\n');
    const postgres = await startPostgres(join(folder, 'postgres'));
    try {
      tables.push(await compare('Postgres', { floor: postgres.url, lucy: postgres.url }));
    } finally {
      await postgres.stop();
    }
    return tables.join('\n');
  });
}

async function compare(engine: string, urls: { floor: string; lucy: string }): Promise<string> {
  // Every event is of another customer, as in a burst of renewals.
  const webhooks = await webhooksOf(WEBHOOKS);
  return besideBolt(
    `Acknowledgement on ${engine}, ${PER_SECOND} a second, while ${WEBHOOKS.toLocaleString('en-US')} webhooks burst`,
    urls,
    ROUNDS,
    (server) => drive(server, webhooks, WARM_WEBHOOKS),
    (server) => drive(server, webhooks, WEBHOOKS),
  );
}

/** Commands until the last webhook is answered; throughput and CPU are those of webhooks. */
async function drive(server: Server, webhooks: Webhooks, amount: number): Promise<Round> {
  const cpuBefore = await server.cpuMs();
  const since = performance.now();
  let isBursting = true;
  const burst = sendWebhooks([server.port], webhooks, { connections: 16, amount }).finally(() => {
    isBursting = false;
  });
  const took = await callAtPace(server, () => isBursting);
  await burst;
  const passed = (performance.now() - since) / 1000;
  return roundOf(took, amount, passed, (await server.cpuMs()) - cpuBefore);
}
