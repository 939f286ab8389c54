import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupWhy } from '#db/backups.ts';
import { UserError } from '#src/core/errors.ts';
import { type BackupDeps, backupFolder } from './deps.ts';
import { dump, endingOf } from './engine.ts';
import { deleteBackupFile, settleFile, sumOf, writeManifest } from './manifest.ts';

export type Written = { file: string; reached_at: number; bytes: number; sha256: string };

type About = { id: string; why: BackupWhy; requestedBy: string };

/**
 * Writes a backup and its manifest: under another name first, so that a file with a backup’s name is always a whole one.
 *
 * @throws UserError when the folder takes nothing, or the tools are missing
 */
export async function writeBackup(
  deps: Pick<BackupDeps, 'database' | 'settings' | 'clock'>,
  about: About,
): Promise<Written> {
  const { database, settings, clock } = deps;
  const folder = backupFolder(settings, database.knex);
  const reachedAt = clock.now();
  const stamp = new Date(reachedAt).toISOString().replace(/[-:]|\.\d+/g, '');
  const name = `lucy-${stamp}-${about.id}.${endingOf(deps)}`;
  const file = join(folder, name);
  // The ending stays last: by it the engine knows whether to compress.
  const part = join(folder, `.part-${name}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await dump(deps, part);
    const { bytes, sha256 } = await sumOf(part);
    await settleFile(part, file, folder);
    await writeManifest(folder, {
      lucyBackup: 1,
      id: about.id,
      why: about.why,
      engine: database.engine,
      file: name,
      reachedAt,
      bytes,
      sha256,
      requestedBy: about.requestedBy,
      verifiedAt: null,
      facts: null,
    });
    return { file, reached_at: reachedAt, bytes, sha256 };
  } catch (error) {
    await deleteBackupFile(part).catch(() => {});
    throw folderTrouble(error, folder) ?? error;
  }
}

const troubles: Readonly<Record<string, string>> = {
  ENOSPC: 'is full',
  EDQUOT: 'is full',
  SQLITE_FULL: 'is full',
  EACCES: 'cannot be written to',
  EPERM: 'cannot be written to',
  EROFS: 'cannot be written to',
  ENOTDIR: 'is no folder',
  EEXIST: 'is no folder',
  SQLITE_CANTOPEN: 'cannot be written to',
};

/** What is wrong with the folder, in words; null when that is not what is wrong. */
export function folderTrouble(error: unknown, folder: string): UserError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const trouble = Object.hasOwn(troubles, code) ? troubles[code] : undefined;
  if (trouble === undefined) return null;
  return new UserError(
    'unavailable',
    `The folder for backups, ${folder}, ${trouble}, so no backup was made.`,
    'Make room there, or name another folder as backups.folder in lucy.config.yml.',
  );
}
