import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findSqliteDamage, sqliteFileOf } from '#db/backup-sqlite.ts';
import type { Database } from '#db/connection.ts';
import { formatUtc } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { backupFolder } from './deps.ts';
import { listManifests } from './manifest.ts';
import { isMarked } from './marker.ts';

/** SQLite itself says that the file is damaged, or a restore of it broke off in the middle. */
export class DamagedDatabaseError extends Error {}

const SHOWN = 3;

/**
 * Refuses to start on a damaged SQLite file: whoever goes on writing into it loses more. Postgres watches over its own pages.
 *
 * @throws DamagedDatabaseError with the steps to take
 */
export async function requireSound(database: Database, settings: Settings): Promise<void> {
  if (database.engine !== 'sqlite') return;
  const file = sqliteFileOf(database.knex);
  if (isMarked(file))
    throw new DamagedDatabaseError(
      `A restore of ${file} broke off before it was done, so Lucy does not start on it.\n${await steps(database, settings)}`,
    );
  if (!existsSync(file)) return;
  const damage = await findDamage(database);
  if (damage === null) return;
  throw new DamagedDatabaseError(
    `The database ${file} is damaged (${damage}), so Lucy does not start on it.\n${await steps(database, settings)}`,
  );
}

/** What is wrong with a SQLite file; null when nothing is. */
export async function findDamage(database: Database): Promise<string | null> {
  try {
    return (await findSqliteDamage(database.knex, 'quick'))[0] ?? null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^SQLITE_(CORRUPT|NOTADB|IOERR|ERROR)/.test(code)) throw error;
    return code === 'SQLITE_NOTADB' ? 'it is no SQLite file any more' : `SQLite says ${code}`;
  }
}

async function steps(database: Database, settings: Settings): Promise<string> {
  const folder = backupFolder(settings, database.knex);
  const known = (await listManifests(folder)).filter(({ engine }) => engine === 'sqlite');
  const newest = known.sort((a, b) => b.reachedAt - a.reachedAt).slice(0, SHOWN);
  const lines = newest.map(({ file, reachedAt, verifiedAt }) => {
    const state = verifiedAt === null ? 'not verified' : 'verified';
    return `     npx lucy backup restore --file ${join(folder, file)}   (${formatUtc(reachedAt)}, ${state})`;
  });
  return [
    '  1. Stop every process of Lucy’s that uses it. Keep the file: nothing of it is deleted.',
    newest.length === 0
      ? `  2. Restore a backup (none lies in ${folder}): npx lucy backup restore --file PATH`
      : '  2. Restore a backup; the newest ones are:',
    ...lines,
    '  3. Start Lucy again: she catches up with Stripe by herself and reports in the on-call channel.',
  ].join('\n');
}
