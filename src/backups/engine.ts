import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import {
  createScratch,
  dropScratch,
  openScratch,
  postgresMajor,
  postgresPlace,
} from '#db/backup-postgres.ts';
import { copySqlite, intoOneFile, overwriteSqlite } from '#db/backup-sqlite.ts';
import { type Database, openDatabase } from '#db/connection.ts';
import { UserError } from '#src/core/errors.ts';
import { postgresToolMajor, runPostgresTool } from '#src/gateways/postgres-tools.ts';
import type { BackupDeps } from './deps.ts';
import { createPrivate } from './manifest.ts';

type Deps = Pick<BackupDeps, 'database' | 'settings'>;

/** A database that was restored beside the living one. */
export type Scratch = {
  database: Database;
  /** Puts what is in it into the living database, in one step of the engine’s own: all of it, or nothing. */
  swapIn(): Promise<void>;
  /** Closes it and takes it away. */
  dispose(): Promise<void>;
};

export function endingOf(deps: Deps): string {
  if (deps.database.engine === 'postgres') return 'dump';
  return deps.settings.backups.compress ? 'db.gz' : 'db';
}

/** Writes the whole database, as it is at one moment, into a new file. */
export async function dump(deps: Deps, to: string): Promise<void> {
  await createPrivate(to);
  if (deps.database.engine === 'postgres') {
    await requireTools(deps);
    await tool(deps, 'pg_dump', ['--format=custom', '--no-owner', '--no-privileges', '--file', to]);
    return;
  }
  if (!to.endsWith('.gz')) return copySqlite(deps.database.knex, to);
  const plain = `${to}.plain`;
  try {
    await createPrivate(plain);
    await copySqlite(deps.database.knex, plain);
    await pipeline(createReadStream(plain), createGzip(), createWriteStream(to));
  } finally {
    await rm(plain, { force: true });
  }
}

/**
 * Restores a backup beside the living database.
 *
 * @param name of letters, digits and _; what an earlier try of this name left behind is taken away first
 */
export async function restoreBeside(
  deps: Deps,
  file: string,
  folder: string,
  name: string,
): Promise<Scratch> {
  return deps.database.engine === 'postgres'
    ? postgresBeside(deps, file, folder, name)
    : sqliteBeside(deps, file, folder, name);
}

async function sqliteBeside(deps: Deps, file: string, folder: string, name: string): Promise<Scratch> {
  const work = join(folder, `.${name}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  const copy = join(work, 'lucy.db');
  let database: Database;
  try {
    await createPrivate(copy);
    if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), createWriteStream(copy));
    else await copyFile(file, copy);
    database = openDatabase(`sqlite:${copy}`, { busyTimeoutMs: 5_000 });
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
  return {
    database,
    async swapIn() {
      await database.close();
      await intoOneFile(copy);
      await overwriteSqlite(copy, deps.database.knex);
    },
    async dispose() {
      await database.close().catch(() => {});
      await rm(work, { recursive: true, force: true });
    },
  };
}

async function postgresBeside(deps: Deps, file: string, folder: string, name: string): Promise<Scratch> {
  await requireTools(deps);
  const { knex } = deps.database;
  await createScratch(knex, name);
  try {
    const args = ['--no-owner', '--no-privileges', '--exit-on-error', file];
    await tool(deps, 'pg_restore', args, name);
  } catch (error) {
    await dropScratch(knex, name);
    throw error;
  }
  const database = openScratch(knex, name);
  const again = join(folder, `.${name}.dump`);
  return {
    database,
    async swapIn() {
      await createPrivate(again);
      const custom = ['--format=custom', '--no-owner', '--no-privileges', '--file', again];
      await tool(deps, 'pg_dump', custom, name);
      const replace = ['--clean', '--if-exists', '--single-transaction', '--exit-on-error'];
      await tool(deps, 'pg_restore', [...replace, '--no-owner', '--no-privileges', again]);
    },
    async dispose() {
      await database.close().catch(() => {});
      await rm(again, { force: true });
      await dropScratch(knex, name);
    },
  };
}

async function tool(
  { database, settings }: Deps,
  which: 'pg_dump' | 'pg_restore',
  args: readonly string[],
  databaseName?: string,
): Promise<void> {
  const place = postgresPlace(database.knex, databaseName);
  await runPostgresTool(which, args, place, settings.backups.postgres_tools ?? null);
}

/** pg_dump refuses a server that is newer than itself (postgresql.org/docs/current/app-pgdump.html, “Notes”). */
export async function requireTools({ database, settings }: Deps): Promise<void> {
  if (database.engine !== 'postgres') return;
  const folder = settings.backups.postgres_tools ?? null;
  const has = Math.min(
    await postgresToolMajor('pg_dump', folder),
    await postgresToolMajor('pg_restore', folder),
  );
  const needs = await postgresMajor(database.knex);
  if (has >= needs) return;
  throw new UserError(
    'unavailable',
    `pg_dump is of version ${has} here, and the server of ${needs}: it refuses a newer server.`,
    `Install the client tools of version ${needs} (on Debian and Ubuntu: postgresql-client-${needs}), or set backups.postgres_tools to their folder.`,
  );
}
