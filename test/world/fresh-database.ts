import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { lendDatabase, takeBackDatabase } from './postgres-pool.ts';
import { databaseUrl } from './postgres-setup.ts';

export const testEngine = process.env.LUCY_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

/** An empty, migrated database of this test's own. */
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
  const name = await lendDatabase(serverUrl, template);
  onTestFinished(() => takeBackDatabase(serverUrl, template, name));
  return databaseUrl(serverUrl, name);
}
