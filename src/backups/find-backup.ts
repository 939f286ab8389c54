import { type BackupRow, findBackup, findLastVerified } from '#db/backups.ts';
import type { Sql } from '#db/connection.ts';
import { UserError } from '#src/core/errors.ts';
import { stateWords } from './describe.ts';
import { findLastHere } from './is-here.ts';
import { requireHere } from './prove.ts';

/** A backup whose file is there. */
export type Restorable = BackupRow & { file: string; reached_at: number };

/**
 * The backup of this id, or the newest verified one.
 *
 * @throws UserError when there is none, its file is not on this machine, or it is known to be bad
 */
export async function requireRestorable(sql: Sql, id: string | undefined): Promise<Restorable> {
  const row =
    id === undefined
      ? ((await findLastHere(sql)) ?? (await findLastVerified(sql)))
      : await findBackup(sql, id);
  if (!row)
    throw new UserError(
      'not_found',
      id === undefined ? 'There is no verified backup yet.' : `There is no backup ${id}.`,
      'See which there are: backup list',
    );
  const { file, reached_at } = row;
  if (file === null || reached_at === null || row.state === 'pruned')
    throw new UserError(
      'conflict',
      `Backup ${row.id} has no file: ${stateWords[row.state]}.`,
      'See which others there are: backup list',
    );
  await requireHere(file);
  return { ...row, file, reached_at };
}

export function requireNotBad(row: Restorable): void {
  if (row.state !== 'bad') return;
  throw new UserError(
    'conflict',
    `Backup ${row.id} is bad, so it is not restored: ${row.error}`,
    'Take an older one: backup list',
  );
}
