import { join } from 'node:path';
import autocannon from 'autocannon';
import { type Server, startServer } from './child.ts';
import { inFolder } from './folder.ts';
import { startPostgres } from './postgres.ts';
import { compareRounds, type Round } from './report.ts';
import { interleave } from './rounds.ts';

const CUSTOMERS = 2_000;
const WARM_SECONDS = 3;
const ROUND_SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** `GET /api/entitlements`, which the product asks before every call, against one bare select. About two minutes. */
export async function benchEntitlements(): Promise<string> {
  return inFolder(async (folder) => {
    const file = (name: string) => `sqlite:${join(folder, `${name}.db`)}`;
    const postgres = await startPostgres(join(folder, 'postgres'));
    try {
      return [
        await compare('SQLite', file('floor'), file('lucy'), async () => 0),
        await compare('Postgres', postgres.url, postgres.url, postgres.cpuMs),
      ].join('\n');
    } finally {
      await postgres.stop();
    }
  });
}

async function compare(
  engine: string,
  floorUrl: string,
  lucyUrl: string,
  databaseCpuMs: () => Promise<number>,
): Promise<string> {
  const floor = await startServer(['bench/entitlements-floor.ts', floorUrl, `${CUSTOMERS}`], {});
  const lucy = await startServer(['bench/entitlements-lucy.ts', lucyUrl, `${CUSTOMERS}`], {});
  try {
    const rounds = await interleave(
      { floor, lucy },
      ROUNDS,
      (server) => drive(server, WARM_SECONDS, databaseCpuMs),
      (server) => drive(server, ROUND_SECONDS, databaseCpuMs),
    );
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

async function drive(server: Server, seconds: number, databaseCpuMs: () => Promise<number>): Promise<Round> {
  const before = { server: await server.cpuMs(), database: await databaseCpuMs() };
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
  const micros = (ms: number) => (ms * 1000) / Math.max(result.requests.total, 1);
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuMicros: micros((await server.cpuMs()) - before.server),
    databaseMicros: micros((await databaseCpuMs()) - before.database),
  };
}
