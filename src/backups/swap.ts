import { dirname } from 'node:path';
import { findBackup } from '#db/backups.ts';
import { findRestore, insertRestore } from '#db/restores.ts';
import { UserError } from '#src/core/errors.ts';
import type { BackupDeps } from './deps.ts';
import type { HeldRestore } from './held-restore.ts';
import { findLostActs } from './lost-acts.ts';
import { prepareRestored } from './prepare.ts';
import { withRestored } from './prove.ts';

/**
 * Restores the backup beside the living database, makes it ready there, and only then lets it take its place, in one step of
 * the engine’s own. Before that step nothing of the living database has changed; after it the restored one knows how far
 * the restore is (decision 0018).
 *
 * @throws UserError when the backup is bad: nothing was changed
 */
export async function swap(
  deps: BackupDeps,
  held: HeldRestore,
  closeIntake: () => Promise<void>,
): Promise<void> {
  const { row, cause, report } = held;
  const live = deps.database.knex;
  const known = await findBackup(live, row.backup_id);
  const about = { id: row.id, sha256: known?.sha256 ?? null, file: row.file };
  const { problems } = await withRestored(deps, about, `lucy_${row.id}`, report, async (scratch, proof) => {
    if (proof.problems.length > 0 || !proof.facts) return;
    report('Holding back what was on its way then');
    const lost = await findLostActs(live, proof.facts.auditId);
    const folder = dirname(row.file);
    const now = deps.clock.now();
    const ready = await prepareRestored(deps, scratch.database, live, {
      row,
      cause: { ...cause, now },
      folder,
    });
    const facts = { ...held.facts, holds: proof.facts, lost, ...ready };
    deps.crashPoint?.('restored beside');
    await closeIntake();
    // As it stands now, lease and all: whoever holds the restore here holds it there.
    const mine = await findRestore(live, row.id);
    if (!mine || mine.lease_token !== held.token) throw new Error(`Another process carries ${row.id} by now`);
    await insertRestore(scratch.database.knex, {
      ...mine,
      step: 'swapped',
      facts: JSON.stringify(facts),
      version: mine.version + 1,
      error: null,
    });
    report('Putting it in place');
    await scratch.swapIn();
  });
  if (problems.length > 0)
    throw new UserError(
      'conflict',
      `Backup ${row.backup_id} is bad, so nothing was replaced: ${problems.join(' ')}`,
      'Take an older one: backup list',
    );
}
