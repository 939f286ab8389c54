import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { type Server, startServer } from './child.ts';
import { startPostgres } from './postgres.ts';
import { compareRounds, type Round } from './report.ts';

const CUSTOMERS = 2_000;
const WARM_SECONDS = 3;
const ROUND_SECONDS = 4;
const ROUNDS = 5;

/** `GET /api/entitlements`, which the product asks before every call, against one bare select. About three minutes. */
export async function benchEntitlements(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  // Postgres runs as a user of its own.
  await chmod(folder, 0o777);
  const postgres = await startPostgres(join(folder, 'pg'));
  try {
    return [
      await compare('SQLite', `sqlite:${join(folder, 'floor.db')}`, `sqlite:${join(folder, 'lucy.db')}`),
      await compare('Postgres', postgres.url, postgres.url),
    ].join('\n');
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(engine: string, floorUrl: string, lucyUrl: string): Promise<string> {
  const floor = await startServer(['bench/entitlements-floor.ts', floorUrl, `${CUSTOMERS}`], {});
  const lucy = await startServer(['bench/entitlements-lucy.ts', lucyUrl, `${CUSTOMERS}`], {});
  try {
    const rounds: { floor: Round[]; lucy: Round[] } = { floor: [], lucy: [] };
    for (const server of [floor, lucy]) await drive(server, WARM_SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      rounds.floor.push(await drive(floor, ROUND_SECONDS));
      rounds.lucy.push(await drive(lucy, ROUND_SECONDS));
    }
    return compareRounds(
      `Entitlement read on ${engine}`,
      'floor: node:http and one select of one row',
      rounds.floor,
      'Lucy: key, pace, standing over five tables',
      rounds.lucy,
    );
  } finally {
    await floor.stop();
    await lucy.stop();
  }
}

async function drive(server: Server, seconds: number): Promise<Round> {
  const cpuBefore = await server.cpuMs();
  let count = 0;
  const result = await autocannon({
    url: `http://127.0.0.1:${server.port}`,
    connections: 32,
    duration: seconds,
    requests: [
      {
        method: 'GET',
        setupRequest: (request: autocannon.Request) => ({
          ...request,
          path: `/api/entitlements?email=customer-${count++ % CUSTOMERS}%40firm.com`,
          headers: { authorization: 'Bearer bench-key' },
        }),
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
