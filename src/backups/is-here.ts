import { existsSync } from 'node:fs';
import { type BackupRow, listVerified } from '#db/backups.ts';
import type { Sql } from '#db/connection.ts';

/** Its row outlives a file that somebody deleted, or that lies on another machine. */
export function isHere({ file }: Pick<BackupRow, 'file'>): boolean {
  return file !== null && existsSync(file);
}

/** The newest verified backup that could be restored on this machine. */
export async function findLastHere(sql: Sql): Promise<BackupRow | undefined> {
  return (await listVerified(sql)).find(isHere);
}
