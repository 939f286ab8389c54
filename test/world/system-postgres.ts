import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import knex, { type Knex } from 'knex';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { testEngine } from './fresh-database.ts';
import { postgresFolder } from './postgres-folder.ts';
import { databaseUrl } from './postgres-setup.ts';

const execute = promisify(execFile);

/** Where Debian and Ubuntu put the server and its tools, newest version first; elsewhere name it. */
export const postgresTools: string | null = findTools();

function findTools(): string | null {
  const root = '/usr/lib/postgresql';
  const given = process.env.POSTGRES_BIN;
  const installed = existsSync(root)
    ? readdirSync(root)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(root, version, 'bin'))
    : [];
  const all = [...(given ? [given] : []), ...installed];
  return (
    all.find((bin) => ['initdb', 'pg_ctl', 'pg_dump'].every((tool) => existsSync(join(bin, tool)))) ?? null
  );
}

/** False on SQLite always, and on Postgres where there is no server with its own pg_dump: then it says so, loudly. */
export function lacksPostgresTools(what: string): boolean {
  if (testEngine !== 'postgres' || postgresTools !== null) return false;
  process.stderr.write(
    `\nNOT RUN: ${what} on Postgres. pg_dump must be as new as its server: install postgresql, or name its folder as POSTGRES_BIN.\n\n`,
  );
  return true;
}

export type Opened = { database: Database; url: string };

/**
 * A Postgres of the machine’s own binaries, whose pg_dump fits it (the embedded one of the other tests brings none). One for
 * the file that calls this; each test gets a migrated database.
 */
export function useSystemPostgres(): { open(): Promise<Opened> } {
  const server: { admin?: Knex; url: string; stop(): Promise<void>; count: number } = {
    url: '',
    stop: async () => {},
    count: 0,
  };
  beforeAll(async () => {
    if (testEngine !== 'postgres' || postgresTools === null) return;
    const started = await startCluster(postgresTools);
    Object.assign(server, started);
    const admin = knex({ client: 'pg', connection: started.url, pool: { min: 0, max: 1 } });
    server.admin = admin;
    await admin.raw('create database template_of_tests');
    const template = openDatabase(databaseUrl(started.url, 'template_of_tests'), { poolMax: 1 });
    await migrate(template);
    await template.close();
  }, 120_000);
  afterAll(async () => {
    await server.admin?.destroy();
    await server.stop();
  }, 60_000);
  return {
    async open() {
      if (!server.admin) throw new Error('There is no Postgres of the machine’s own');
      const name = `lucy_b_${++server.count}`;
      await server.admin.raw('create database ?? template template_of_tests', [name]);
      const url = databaseUrl(server.url, name);
      const database = openDatabase(url, { poolMax: 4 });
      onTestFinished(() => database.close());
      return { database, url };
    },
  };
}

export type Cluster = {
  url: string;
  /** `fast` cuts every connection and ends in order, `immediate` is a crash: the next start recovers. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  stop(): Promise<void>;
};

/** @param bin where the server's tools lie: `postgresTools` */
export async function startCluster(bin: string): Promise<Cluster> {
  const folder = await postgresFolder('lucy-own-pg-');
  await chmod(folder, 0o700);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = async (flag: string) => Number((await execute('id', [flag, 'postgres'])).stdout);
    await chown(folder, await id('-u'), await id('-g'));
  }
  // Postgres refuses to run as root.
  const asPostgres = (tool: string, args: string[]) =>
    isRoot
      ? execute('setpriv', [
          '--reuid=postgres',
          '--regid=postgres',
          '--clear-groups',
          join(bin, tool),
          ...args,
        ])
      : execute(join(bin, tool), args);
  const data = join(folder, 'data');
  await asPostgres('initdb', ['-D', data, '-U', 'lucy', '--auth=trust', '--encoding=UTF8', '--no-sync']);
  const port = await freePort();
  const flags = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60`;
  await asPostgres('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(folder, 'log'), '-o', flags, 'start']);
  return {
    url: `postgres://lucy:lucy@127.0.0.1:${port}/postgres`,
    async restart(mode) {
      await asPostgres('pg_ctl', [
        ...['-D', data, '-w', '-t', '60', '-m', mode],
        ...['-l', join(folder, 'log'), 'restart'],
      ]);
    },
    async stop() {
      await asPostgres('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop']).catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
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
