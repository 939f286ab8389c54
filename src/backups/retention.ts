import type { BackupRow } from '#db/backups.ts';
import { DAY_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';

/** What was there before a restore holds what the restore took away; people look for it long afterwards. */
const KEEP_SAFETY_MS = 365 * DAY_MS;

/**
 * Which backups have had their time: all of the last days stay, then the last good one of each day, and whatever their age
 * the newest verified ones. The copy made before a restore stays for a year. What is being made is nobody’s to delete.
 *
 * @param rows newest first
 * @param isHere whether its file is there: what is gone holds no place of those that are kept
 */
export function outlived(
  rows: readonly BackupRow[],
  settings: Settings['backups'],
  now: number,
  isHere: (row: BackupRow) => boolean = () => true,
): BackupRow[] {
  const verified = rows.filter((row) => row.state === 'verified' && isHere(row));
  const last = new Set(verified.slice(0, settings.keep_verified).map(({ id }) => id));
  const days = new Set<number>();
  const ofTheirDay = new Set<string>();
  for (const row of verified) {
    const day = Math.floor((row.reached_at ?? row.created_at) / DAY_MS);
    if (!days.has(day)) ofTheirDay.add(row.id);
    days.add(day);
  }
  return rows.filter((row) => {
    if (row.state === 'queued' || row.state === 'taken' || last.has(row.id)) return false;
    const age = now - row.created_at;
    if (age <= settings.keep_all_days * DAY_MS) return false;
    if (row.why === 'restore' && age <= KEEP_SAFETY_MS) return false;
    return !(ofTheirDay.has(row.id) && age <= settings.keep_daily_days * DAY_MS);
  });
}
