import { readSchema } from '#db/backup-checks.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { BackupDeps } from './deps.ts';
import { writeBackup } from './write.ts';

/**
 * A backup of a Postgres database that a file is to replace: nothing of it can be put beside it, as a SQLite file is. It has
 * no row, for its database goes; the schedule finds it by its manifest. Null when there is nothing to keep.
 *
 * @throws UserError when it cannot be written: nothing was replaced
 */
export async function keepOffline(
  deps: Pick<BackupDeps, 'database' | 'settings' | 'clock'>,
  requestedBy: string,
): Promise<{ id: string; file: string } | null> {
  if (!(await deps.database.knex.schema.hasTable('knex_migrations'))) return null;
  if ((await readSchema(deps.database.knex)) === '') return null;
  const id = newId('bkp', deps.clock.now());
  try {
    const { file } = await writeBackup(deps, { id, why: 'restore', requestedBy });
    return { id, file };
  } catch (error) {
    const why = error instanceof UserError ? `${error.message} ${error.hint}` : errorMessage(error);
    throw new UserError(
      'unavailable',
      `No copy of the present database could be kept, so nothing was replaced: ${why}`,
      'Mend that and try again. If the database cannot be read at all any more, set DATABASE_URL to a new, empty one and restore into that.',
    );
  }
}
