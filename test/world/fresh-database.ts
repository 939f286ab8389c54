import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex from 'knex';
import { inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { databaseUrl } from './postgres-setup.ts';

let counter = 0;

export const testEngine = process.env.LUCY_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

/** An empty, migrated database of this test's own, gone when the test ends. */
export async function freshDatabase(): Promise<{ database: Database; url: string }> {
  const url = await freshDatabaseUrl();
  const database = openDatabase(url, { poolMax: 5 });
  onTestFinished(() => database.close());
  return { database, url };
}

/** Its address alone, for processes that open it themselves. */
export async function freshDatabaseUrl(): Promise<string> {
  return testEngine === 'postgres' ? freshPostgres() : freshSqlite();
}

async function freshSqlite(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-db-'));
  const file = join(folder, 'lucy.db');
  await copyFile(join(inject('databaseTemplate'), 'template.db'), file);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return `sqlite:${file}`;
}

async function freshPostgres(): Promise<string> {
  const [serverUrl = '', template = ''] = inject('databaseTemplate').split('#');
  const name = `lucy_t_${process.pid}_${++counter}`;
  const admin = knex({ client: 'pg', connection: serverUrl, pool: { min: 0, max: 1 } });
  await admin.raw(`create database ${name} template ${template}`);
  await admin.destroy();
  onTestFinished(async () => {
    const cleaner = knex({ client: 'pg', connection: serverUrl, pool: { min: 0, max: 1 } });
    await cleaner.raw(`drop database if exists ${name} with (force)`);
    await cleaner.destroy();
  });
  return databaseUrl(serverUrl, name);
}
