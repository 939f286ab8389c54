import { listPendingMigrations } from '#db/pending-migrations.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { BackupDeps } from './deps.ts';
import { writeBackup } from './write.ts';

/**
 * Keeps a copy of a database that a start is about to migrate. It has no row, because its table may come with the migration:
 * the schedule finds it by its manifest. That it could not be made stops no start; it is said, and the age of backups is watched.
 */
export async function backupBeforeMigrating(
  deps: Pick<BackupDeps, 'database' | 'settings' | 'clock' | 'log'>,
): Promise<void> {
  const pending = await listPendingMigrations(deps.database);
  if (pending.length === 0) return;
  const id = newId('bkp', deps.clock.now());
  try {
    const { file } = await writeBackup(deps, { id, why: 'migration', requestedBy: 'Lucy’s start' });
    deps.log.info(
      { event: 'backup', action: 'before_migration', backup: id, file },
      'Backed up before migrating',
    );
  } catch (error) {
    deps.log.warn(
      { event: 'backup_failed', err: error },
      `No backup before migrating: ${errorMessage(error)}`,
    );
  }
}
