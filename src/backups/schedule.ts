import { type BackupRow, insertBackup, listBackups, updateBackup } from '#db/backups.ts';
import { readInstallation } from '#db/installation.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { adoptFiles } from './adopt.ts';
import { type BackupDeps, backupFolder } from './deps.ts';
import { isHere } from './is-here.ts';
import { deleteBackupFile } from './manifest.ts';
import { newBackup } from './new-backup.ts';
import { outlived } from './retention.ts';
import { scheduleDrill } from './schedule-drill.ts';
import { sweepLeftovers } from './sweep.ts';

/** A new installation is left alone while people try it. */
const FIRST_AFTER_MS = 10 * MINUTE_MS;
const KNOWN = 1_000;

/**
 * Asks for the backup that is due, learns of files that no row knows, and deletes what has had its time. Any process may
 * look: of several one wins the slot, and one that was missed while Lucy was stopped is made up for.
 */
export async function scheduleBackups(deps: BackupDeps): Promise<void> {
  const { database, settings, clock } = deps;
  const sql = database.knex;
  const now = clock.now();
  await adoptFiles(sql, backupFolder(settings, sql), now);
  await sweepLeftovers(deps);
  const rows = await listBackups(sql, KNOWN);
  const firstStart = Number((await readInstallation(sql, 'first_started_at')) ?? now);
  const due = dueSlot(settings.backups, rows, firstStart, now);
  if (due) {
    const cause = scheduleCause(now, 'The schedule of backups');
    await insertBackup(sql, newBackup(cause, database.engine, due.why, due.slot));
  }
  await scheduleDrill(deps, now);
  for (const row of outlived(rows, settings.backups, now, isHere)) await prune(deps, row);
}

/** What is due now; null when nothing is. */
export function dueSlot(
  settings: Settings['backups'],
  rows: readonly Pick<BackupRow, 'created_at' | 'slot' | 'state'>[],
  firstStart: number,
  now: number,
): { why: 'schedule' | 'night'; slot: string } | null {
  if (now - firstStart < FIRST_AFTER_MS) return null;
  const night = lastNight(settings.nightly_at, now);
  if (night !== null && night >= firstStart) {
    const slot = `night:${new Date(night).toISOString().slice(0, 10)}`;
    if (!rows.some((row) => row.slot === slot || (row.state !== 'failed' && row.created_at >= night)))
      return { why: 'night', slot };
  }
  if (settings.every_hours === 0) return null;
  const every = settings.every_hours * HOUR_MS;
  const isRecent = rows.some((row) => row.state !== 'failed' && now - row.created_at < every);
  return isRecent ? null : { why: 'schedule', slot: `schedule:${Math.floor(now / every)}` };
}

function lastNight(at: string, now: number): number | null {
  if (at === 'never') return null;
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const today = Math.floor(now / DAY_MS) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS;
  return today <= now ? today : today - DAY_MS;
}

async function prune(deps: BackupDeps, row: BackupRow): Promise<void> {
  // On another machine it is that machine’s to delete.
  if (row.file !== null && !isHere(row)) return;
  if (row.file !== null) await deleteBackupFile(row.file);
  await updateBackup(deps.database.knex, row.id, { state: 'pruned' });
}
