import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import type { Database, Sql } from './connection.ts';
import { readInstallation } from './installation.ts';
import { inTransaction } from './transaction.ts';

const directory = fileURLToPath(new URL('../migrations', import.meta.url));
const POSTGRES_LOCK = 7_305_819_201;

/** The database was written by a newer Lucy: running on it could damage what it does not understand. */
export class NewerDatabaseError extends Error {}

/** `db copy` began to fill this database and did not finish: it holds nothing, and nobody may work on it. */
export class UnfinishedCopyError extends Error {}

/**
 * Brings the database to this version: all pending migrations in one transaction, under one lock, so that two
 * processes starting at once, or a kill in the middle, leave either the old schema or the new one.
 */
export async function migrate(database: Database, options: { isForCopy?: boolean } = {}): Promise<string[]> {
  await refuseNewer(database);
  if (!options.isForCopy) await refuseUnfinished(database);
  return inTransaction(database, async (trx) => {
    if (database.engine === 'postgres') await trx.raw('select pg_advisory_xact_lock(?)', [POSTGRES_LOCK]);
    const [, names] = await trx.migrate.latest(config);
    return names as string[];
  });
}

const config: Knex.MigratorConfig = {
  directory,
  loadExtensions: ['.ts'],
  extension: 'ts',
  // The whole run is one transaction already.
  disableTransactions: true,
};

async function refuseNewer({ knex }: Database): Promise<void> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return;
  const known = new Set(readdirSync(directory));
  const applied: { name: string }[] = await knex('knex_migrations').select('name');
  const unknown = applied.map((row) => row.name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new NewerDatabaseError(
      `The database was written by a newer version of Lucy (it knows ${unknown.join(', ')}). Start that version, or restore a backup that this one wrote.`,
    );
  }
}

/** Whether `db copy` made this database and has not filled it. */
export async function readUnfinishedCopy(sql: Sql): Promise<boolean> {
  return (await sql.schema.hasTable('installation')) && (await readInstallation(sql, 'db_copy')) !== null;
}

async function refuseUnfinished({ knex }: Database): Promise<void> {
  if (!(await readUnfinishedCopy(knex))) return;
  throw new UnfinishedCopyError(
    'This database was made by “lucy db copy”, which did not finish or was a rehearsal, so it holds nothing. Run db copy again with the same --to, or set DATABASE_URL back to the SQLite database, where everything still is.',
  );
}

/** The names of the migrations that this version brings, in their order. */
export function listMigrations(): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.ts'))
    .sort();
}
