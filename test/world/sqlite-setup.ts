import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** SQLite: a folder with template.db. Postgres: the server's address, whose database `lucy_template` is migrated. */
    databaseTemplate: string;
  }
}

/** Migrates one SQLite file; every test works on a copy of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-test-'));
  const database = openDatabase(`sqlite:${join(folder, 'template.db')}`);
  await migrate(database);
  // Everything into the one file, so that a plain copy is a whole database.
  await database.knex.raw('pragma wal_checkpoint(truncate)');
  await database.close();
  project.provide('databaseTemplate', folder);
  return () => rm(folder, { recursive: true, force: true });
}
