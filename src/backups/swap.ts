import { findBackup } from '#db/backups.ts';
import { findRestore, insertRestore } from '#db/restores.ts';
import { UserError } from '#src/core/errors.ts';
import { requireNotTakenBack } from './close-for-restore.ts';
import { type BackupDeps, backupFolder } from './deps.ts';
import type { HeldRestore } from './held-restore.ts';
import { findLostActs } from './lost-acts.ts';
import { prepareRestored } from './prepare.ts';
import { withRestored } from './prove.ts';

/**
 * Restores the backup beside the living database, makes it ready there, and only then lets it take its place, in one step of
 * the engine’s own. Before that step nothing of the living database has changed; after it the restored one knows how far
 * the restore is (decision 0018).
 *
 * @param intake closes it, and keeps everything closed; each says false when people could work meanwhile
 * @returns false when it was not done for that reason
 * @throws UserError when the backup is bad, or the restore was taken back: nothing was changed
 */
export async function swap(
  deps: BackupDeps,
  held: HeldRestore,
  intake: { close(): Promise<boolean>; keep(): Promise<boolean> },
): Promise<boolean> {
  const { row, cause, report } = held;
  const live = deps.database.knex;
  const known = await findBackup(live, row.backup_id);
  const about = { id: row.id, sha256: known?.sha256 ?? null, file: row.file };
  const { problems, restored } = await withRestored(
    deps,
    about,
    `lucy_${row.id}`,
    report,
    async (scratch, proof) => {
      if (proof.problems.length > 0 || !proof.facts) return false;
      report('Holding back what was on its way then');
      const folder = backupFolder(deps.settings, live);
      const now = deps.clock.now();
      const ready = await prepareRestored(deps, scratch.database, live, {
        row,
        cause: { ...cause, now },
        folder,
      });
      const lost = await findLostActs(live, proof.facts.auditId, scratch.database.knex);
      const facts = { ...held.facts, holds: proof.facts, lost, ...ready };
      deps.crashPoint?.('restored beside');
      if (!(await intake.close())) return false;
      // As it stands now, lease and all: whoever holds the restore here holds it there.
      const mine = await findRestore(live, row.id);
      if (!mine || mine.lease_token !== held.token)
        throw new Error(`Another process carries ${row.id} by now`);
      requireNotTakenBack(mine);
      await insertRestore(scratch.database.knex, {
        ...mine,
        step: 'swapped',
        facts: JSON.stringify(facts),
        version: mine.version + 1,
        error: null,
      });
      report('Putting it in place');
      if (!(await intake.keep())) return false;
      await scratch.swapIn();
      return true;
    },
  );
  if (problems.length > 0)
    throw new UserError(
      'conflict',
      `Backup ${row.backup_id} is bad, so nothing was replaced: ${problems.join(' ')}`,
      'Take an older one: backup list',
    );
  return restored === true;
}
