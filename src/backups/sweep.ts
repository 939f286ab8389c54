import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findBackup } from '#db/backups.ts';
import type { Sql } from '#db/connection.ts';
import { findRestore } from '#db/restores.ts';
import { HOUR_MS } from '#src/core/clock.ts';

/** Half a file, and a copy beside the living database, name the backup or the restore that they were made for. */
const leftover = /^\.(?:part-|lucy_).*?((?:bkp|rst)_[0-9a-z]+)/;

/** Whoever works without a lease (a start’s copy, a terminal that verifies) goes on writing, so the file stays young. */
const AGE_MS = HOUR_MS;

/**
 * Takes away what a killed process left in the folder for backups: whole copies of the database, for ever and unseen.
 * Nothing that somebody may still be at.
 */
export async function sweepLeftovers(sql: Sql, folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const id = leftover.exec(name)?.[1];
    if (id === undefined || (await isLeased(sql, id, now))) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => null);
    if (found && now - found.mtimeMs > AGE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function isLeased(sql: Sql, id: string, now: number): Promise<boolean> {
  const row = id.startsWith('rst_') ? await findRestore(sql, id) : await findBackup(sql, id);
  return row?.lease_until != null && row.lease_until >= now;
}
