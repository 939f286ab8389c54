import { lstat, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { dropUnusedScratch, listOldScratch } from '#db/backup-postgres.ts';
import { sqliteFileOf } from '#db/backup-sqlite.ts';
import { findBackup } from '#db/backups.ts';
import type { Sql } from '#db/connection.ts';
import { findRestore } from '#db/restores.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { type BackupDeps, backupFolder } from './deps.ts';

/** Half a file, and a copy beside the living database, name the backup or the restore that they were made for. */
const leftover = /^\.(?:part-|lucy_).*?((?:bkp|rst)_[0-9a-z]+)/;

/** Whoever works without a lease (a start’s copy, a terminal that verifies) goes on writing, so the file stays young. */
const AGE_MS = HOUR_MS;
/** A restored copy is only read for as long as it is checked, and no check takes so long. */
const COPY_AGE_MS = DAY_MS;

/**
 * Takes away what a killed process left behind: whole copies of the database, for ever and unseen. In the folder for
 * backups; beside a SQLite file, where a restore without a service works; on Postgres databases of their own. Nothing
 * that somebody may still be at.
 */
export async function sweepLeftovers(
  deps: Pick<BackupDeps, 'database' | 'settings' | 'clock' | 'log'>,
): Promise<void> {
  const { database, settings, clock } = deps;
  const sql = database.knex;
  const folders = new Set([backupFolder(settings, sql)]);
  if (database.engine === 'sqlite') folders.add(dirname(resolve(sqliteFileOf(sql))));
  for (const folder of folders) await sweepFolder(sql, folder, clock.now());
  if (database.engine === 'postgres') await sweepServer(deps);
}

async function sweepFolder(sql: Sql, folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const id = leftover.exec(name)?.[1];
    if (id === undefined || (await isLeased(sql, id, now))) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => null);
    const age = found?.isDirectory() ? COPY_AGE_MS : AGE_MS;
    if (found && now - found.mtimeMs > age) await rm(path, { recursive: true, force: true });
  }
}

async function isLeased(sql: Sql, id: string, now: number): Promise<boolean> {
  const row = id.startsWith('rst_') ? await findRestore(sql, id) : await findBackup(sql, id);
  return row?.lease_until != null && row.lease_until >= now;
}

async function sweepServer({ database, log }: Pick<BackupDeps, 'database' | 'log'>): Promise<void> {
  for (const name of await listOldScratch(database.knex, COPY_AGE_MS))
    try {
      await dropUnusedScratch(database.knex, name);
      log.info({ event: 'leftover_dropped', database: name }, 'A copy that was left behind was dropped');
    } catch (error) {
      // Somebody looks into it this moment; the next look finds it again.
      log.warn({ event: 'leftover_kept', database: name, problem: errorMessage(error) }, errorMessage(error));
    }
}
