import { findBackup } from '#db/backups.ts';
import { type BackupDeps, backupFolder } from './deps.ts';
import type { HeldRestore } from './held-restore.ts';
import { findLostActs } from './lost-acts.ts';
import { prepareRestored } from './prepare.ts';
import { withRestored } from './prove.ts';
import type { RestoreFacts } from './restore-facts.ts';

/**
 * A restore up to the swap: the backup is restored beside the living database, checked, and made ready, and thrown away again.
 * It says how far back one would go, and how long it takes.
 */
export async function drill(
  deps: BackupDeps,
  held: HeldRestore,
): Promise<{ facts: RestoreFacts; problems: string[] }> {
  const { row, cause, report } = held;
  const live = deps.database.knex;
  const closedAt = deps.clock.now();
  const known = await findBackup(live, row.backup_id);
  const about = { id: row.id, sha256: known?.sha256 ?? null, file: row.file };
  const tried = await withRestored(
    deps,
    about,
    `lucy_drill_${row.id}`,
    report,
    async (scratch, proof): Promise<RestoreFacts> => {
      if (proof.problems.length > 0 || !proof.facts) return {};
      const lost = await findLostActs(live, proof.facts.auditId);
      const folder = backupFolder(deps.settings, live);
      const ready = await prepareRestored(deps, scratch.database, null, { row, cause, folder });
      return { holds: proof.facts, lost, ...ready };
    },
  );
  const { reconciliation: _thrown, ...facts } = tried.restored ?? {};
  return { facts: { ...facts, closedAt, openedAt: deps.clock.now() }, problems: tried.problems };
}
