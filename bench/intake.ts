import { createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { type Server, startServer } from './child.ts';
import { startPostgres } from './postgres.ts';
import { compareRounds, type Round } from './report.ts';

const SECRET = 'whsec_bench';
const WARM_SECONDS = 3;
const ROUND_SECONDS = 5;
const ROUNDS = 5;
const CONNECTIONS = 32;

/** Webhook intake of Lucy against its floor, on both engines (research: performance, A). About three minutes. */
export async function benchIntake(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  const template = await readFile(
    new URL('../test/fixtures/stripe/customer.subscription.updated.json', import.meta.url),
    'utf8',
  );
  // Postgres runs as a user of its own.
  await chmod(folder, 0o777);
  const postgres = await startPostgres(join(folder, 'postgres'));
  try {
    const urls = { floor: `sqlite:${join(folder, 'floor.db')}`, lucy: `sqlite:${join(folder, 'lucy.db')}` };
    return [
      await compare('SQLite', template, urls),
      await compare('Postgres', template, { floor: postgres.url, lucy: postgres.url }),
    ].join('\n');
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  engine: string,
  template: string,
  urls: { floor: string; lucy: string },
): Promise<string> {
  const floor = await startServer(['bench/intake-floor.ts', urls.floor, SECRET], {});
  const lucy = await startServer(['bench/intake-lucy.ts', urls.lucy, SECRET], {});
  try {
    const rounds: { floor: Round[]; lucy: Round[] } = { floor: [], lucy: [] };
    for (const server of [floor, lucy]) await drive(server, template, WARM_SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      rounds.floor.push(await drive(floor, template, ROUND_SECONDS));
      rounds.lucy.push(await drive(lucy, template, ROUND_SECONDS));
    }
    return compareRounds(
      `Webhook intake on ${engine}`,
      'floor: node:http + HMAC + shared durable insert',
      rounds.floor,
      'Lucy',
      rounds.lucy,
    );
  } finally {
    await floor.stop();
    await lucy.stop();
  }
}

async function drive(server: Server, template: string, seconds: number): Promise<Round> {
  const cpuBefore = await server.cpuMs();
  const result = await autocannon({
    url: `http://127.0.0.1:${server.port}/api/billing/webhook`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        setupRequest(request: autocannon.Request) {
          const body = template.replace(
            /"id": ?"evt_[^"]+"/,
            `"id": "evt_${randomBytes(10).toString('hex')}"`,
          );
          const at = Math.floor(Date.now() / 1000);
          const mac = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex');
          return {
            ...request,
            body,
            headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${mac}` },
          };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers were not 200, ${result.errors} failed`);
  const cpuMs = (await server.cpuMs()) - cpuBefore;
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuMicros: (cpuMs * 1000) / Math.max(result.requests.total, 1),
  };
}
