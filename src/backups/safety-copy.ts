import { insertBackup, updateBackup } from '#db/backups.ts';
import type { RestoreRow } from '#db/restores.ts';
import type { BackupDeps } from './deps.ts';
import { causeOf } from './kept-cause.ts';
import { newBackup } from './new-backup.ts';
import { writeBackup } from './write.ts';

/**
 * A backup of what is there now, before something else takes its place. It may be damaged, which is why it is replaced; so it
 * is not verified here, and the schedule does that later.
 */
export async function makeSafetyCopy(
  deps: BackupDeps,
  restore: RestoreRow,
): Promise<{ id: string; file: string }> {
  const { database, clock } = deps;
  const cause = { ...causeOf(restore, clock.now()), runId: null };
  const row = newBackup(cause, database.engine, 'restore', `restore:${restore.id}:${clock.now()}`);
  const written = await writeBackup(deps, { id: row.id, why: 'restore', requestedBy: restore.requested_by });
  await insertBackup(database.knex, { ...row, state: 'taken', next_attempt_at: clock.now() });
  await updateBackup(database.knex, row.id, written);
  return { id: row.id, file: written.file };
}
