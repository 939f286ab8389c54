import { join } from 'node:path';
import { type Server, startServer } from './child.ts';
import { inFolder } from './folder.ts';
import { startPostgres } from './postgres.ts';
import { compareRounds, type Round } from './report.ts';
import { interleave } from './rounds.ts';
import { sendWebhooks, WEBHOOK_SECRET, type Webhooks, webhooksOf } from './webhooks.ts';

const WARM_SECONDS = 2;
const ROUND_SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CONNECTIONS = 32;
const MANY = 10_000;

/** SQLite has one process that writes (DESIGN section 8); Postgres as many as one likes. */
const loads = [
  { engine: 'SQLite', customers: 1, processes: 1 },
  { engine: 'SQLite', customers: MANY, processes: 1 },
  { engine: 'Postgres', customers: 1, processes: 1 },
  { engine: 'Postgres', customers: MANY, processes: 1 },
  { engine: 'Postgres', customers: MANY, processes: 2 },
  { engine: 'Postgres', customers: MANY, processes: 4 },
] as const;

type Subject = { servers: Server[]; databaseCpuMs(): Promise<number> };

/**
 * Webhook intake of Lucy against its floor, on both engines, and on Postgres with 1, 2 and 4 web processes (research:
 * performance, A). `BENCH_ENGINE` chooses one engine. About three minutes.
 */
export async function benchIntake(): Promise<string> {
  const wanted = process.env.BENCH_ENGINE?.toLowerCase();
  return inFolder(async (folder) => {
    const postgres = wanted === 'sqlite' ? null : await startPostgres(join(folder, 'postgres'));
    try {
      const tables: string[] = [];
      for (const [number, load] of loads.entries()) {
        if (wanted && wanted !== load.engine.toLowerCase()) continue;
        const file = (name: string) => `sqlite:${join(folder, `${name}-${number}.db`)}`;
        const urls =
          load.engine === 'SQLite' || !postgres
            ? { floor: file('floor'), lucy: file('lucy') }
            : { floor: postgres.url, lucy: postgres.url };
        const databaseCpuMs = load.engine === 'SQLite' || !postgres ? async () => 0 : postgres.cpuMs;
        tables.push(await compare(load, urls, databaseCpuMs));
      }
      return tables.join('\n');
    } finally {
      await postgres?.stop();
    }
  });
}

async function compare(
  load: (typeof loads)[number],
  urls: { floor: string; lucy: string },
  databaseCpuMs: () => Promise<number>,
): Promise<string> {
  const start = async (script: string, url: string): Promise<Subject> => {
    const servers: Server[] = [];
    // One after the other, because the first migrates.
    for (let count = 0; count < load.processes; count++)
      servers.push(await startServer([`bench/${script}.ts`, url, WEBHOOK_SECRET], {}));
    return { servers, databaseCpuMs };
  };
  const floor = await start('intake-floor', urls.floor);
  const lucy = await start('intake-lucy', urls.lucy);
  const webhooks = await webhooksOf(load.customers);
  try {
    const { floor: floorRounds, lucy: lucyRounds } = await interleave(
      { floor, lucy },
      ROUNDS,
      (subject) => drive(subject, webhooks, WARM_SECONDS),
      (subject) => drive(subject, webhooks, ROUND_SECONDS),
    );
    const whose =
      load.customers === 1 ? 'one customer' : `${load.customers.toLocaleString('en-US')} customers`;
    return compareRounds(
      `Webhook intake on ${load.engine}, ${load.processes} process${load.processes === 1 ? '' : 'es'}, events of ${whose}`,
      'floor: node:http + HMAC + shared durable insert',
      floorRounds,
      'Lucy',
      lucyRounds,
    );
  } finally {
    for (const server of [...floor.servers, ...lucy.servers]) await server.stop();
  }
}

async function drive(subject: Subject, webhooks: Webhooks, seconds: number): Promise<Round> {
  const { servers, databaseCpuMs } = subject;
  const ports = servers.map(({ port }) => port);
  const serverCpuMs = async () => {
    const each = await Promise.all(servers.map((server) => server.cpuMs()));
    return each.reduce((sum, ms) => sum + ms, 0);
  };
  const before = { server: await serverCpuMs(), database: await databaseCpuMs() };
  const { total, ...sent } = await sendWebhooks(ports, webhooks, { connections: CONNECTIONS, seconds });
  const micros = (ms: number) => (ms * 1000) / Math.max(total, 1);
  return {
    ...sent,
    cpuMicros: micros((await serverCpuMs()) - before.server),
    databaseMicros: micros((await databaseCpuMs()) - before.database),
  };
}
