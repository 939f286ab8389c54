import type { Sql } from '#db/connection.ts';
import { insertRestoreIfNew, type RestoreRow } from '#db/restores.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { Cause } from '#src/core/cause.ts';
import { raiseFinding } from '#src/findings/open.ts';
import type { BackupDeps } from './deps.ts';
import { findLastHere } from './is-here.ts';
import { newRestore } from './new-restore.ts';

/** Begins the month’s drill on its day; once, whichever process looks first. */
export async function scheduleDrill({ database, settings }: BackupDeps, now: number): Promise<void> {
  const day = new Date(now);
  if (day.getUTCDate() !== settings.backups.drill_day) return;
  const backup = await findLastHere(database.knex);
  if (backup?.file == null || backup.reached_at === null) return;
  const about = {
    kind: 'drill' as const,
    backupId: backup.id,
    file: backup.file,
    reachedAt: backup.reached_at,
  };
  const row = newRestore(scheduleCause(now, 'The drill of the month'), about);
  const month = day.toISOString().slice(0, 7).replace('-', '');
  await insertRestoreIfNew(database.knex, { ...row, id: `rst_drill${month}` });
}

export async function tellFailedDrill(sql: Sql, cause: Cause, row: RestoreRow): Promise<void> {
  await raiseFinding(sql, cause, {
    kind: 'drill_failed',
    subject: row.id,
    customerId: null,
    summary: `A restore was rehearsed and failed: ${row.error}`,
    hint: 'Were the data damaged now, this backup would not help. See the others, and try one: backup restore --drill',
    evidence: { restore: row.id, backup: row.backup_id },
    tell: 'oncall',
    buttons: [{ kind: 'command', label: 'Backups', line: 'backup list' }],
  });
}
