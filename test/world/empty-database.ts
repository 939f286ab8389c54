import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex from 'knex';
import { inject, onTestFinished } from 'vitest';
import { testEngine } from './fresh-database.ts';
import { databaseUrl } from './postgres-setup.ts';

let counter = 0;

/** The address of a database with nothing in it, not even a schema. */
export async function emptyDatabaseUrl(): Promise<string> {
  if (testEngine === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'lucy-empty-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return `sqlite:${join(folder, 'made', 'on', 'the', 'way', 'lucy.db')}`;
  }
  const [serverUrl = ''] = inject('databaseTemplate').split('#');
  const name = `lucy_t_empty_${process.pid}_${++counter}`;
  await onServer(serverUrl, `create database ${name}`);
  onTestFinished(() => onServer(serverUrl, `drop database if exists ${name} with (force)`));
  return databaseUrl(serverUrl, name);
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const admin = knex({ client: 'pg', connection: serverUrl, pool: { min: 0, max: 1 } });
  await admin.raw(statement);
  await admin.destroy();
}
