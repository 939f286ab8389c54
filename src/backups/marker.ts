import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';

/** Stands beside a SQLite file while another is being put in its place. */
const markerOf = (databaseFile: string) => `${databaseFile}.restoring`;

export async function mark(databaseFile: string, backupFile: string): Promise<void> {
  await writeFile(markerOf(databaseFile), `${backupFile}\n`, { flush: true });
}

export async function unmark(databaseFile: string): Promise<void> {
  await rm(markerOf(databaseFile), { force: true });
}

export function isMarked(databaseFile: string): boolean {
  return existsSync(markerOf(databaseFile));
}
