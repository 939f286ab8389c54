import { join } from 'node:path';
import { type BackupRow, findBackup, insertBackup, updateBackup } from '#db/backups.ts';
import type { Sql } from '#db/connection.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { isPlainFile, listManifests, type Manifest } from './manifest.ts';
import { newBackup } from './new-backup.ts';

/**
 * Learns from the manifests beside the files: after a restore the rows of what was made since are gone, and the backup
 * that was restored knows of itself only that it was being made. Whatever a manifest says of being verified, a file that
 * was learnt of is tried again before anybody relies on it: anybody could have put it there.
 *
 * @param folder the one for backups, which is Lucy’s alone
 */
export async function adoptFiles(sql: Sql, folder: string, now: number): Promise<void> {
  for (const manifest of await listManifests(folder)) {
    const file = join(folder, manifest.file);
    if (await isPlainFile(file)) await adopt(sql, manifest, file, now);
  }
}

async function adopt(sql: Sql, manifest: Manifest, file: string, now: number): Promise<void> {
  const known = await findBackup(sql, manifest.id);
  const isOpen = known?.state === 'queued' || known?.state === 'taken';
  const isHeld = isOpen && (known.lease_until ?? 0) >= now;
  if (known && (!isOpen || isHeld)) return;
  const learnt: Partial<BackupRow> = {
    state: 'taken',
    file,
    reached_at: Math.min(manifest.reachedAt, now),
    bytes: manifest.bytes,
    sha256: manifest.sha256,
    facts: null,
    verified_at: null,
    ended_at: null,
    attempts: 0,
    next_attempt_at: now,
    lease_token: null,
    lease_until: null,
  };
  if (known) return updateBackup(sql, known.id, learnt);
  const cause = scheduleCause(now, 'Lucy found a backup beside its manifest');
  const row = newBackup(cause, manifest.engine, manifest.why, `file:${manifest.id}`);
  const made = { created_at: Math.min(manifest.reachedAt, now), requested_by: manifest.requestedBy };
  await insertBackup(sql, { ...row, ...learnt, ...made, id: manifest.id });
}
