import { findBackup } from '#db/backups.ts';
import { findRun } from '#db/runs.ts';
import type { BackupDeps } from '#src/backups/deps.ts';
import { followBackup } from '#src/backups/follow.ts';
import type { Progress } from '#src/replies/progress.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';
import { endBackupRun } from './end-backup-run.ts';
import type { Runner } from './runner.ts';

/** What a terminal needs to make a backup, or to restore one, by itself. */
export function backupDepsOf(
  runner: Omit<Runner, 'follow'>,
  pause: (ms: number) => Promise<void>,
): BackupDeps {
  const { database, settings, clock, log, mode } = runner;
  return {
    database,
    settings,
    clock,
    log,
    mode,
    pause,
    onEnd: (sql, cause, runId, end) => endBackupRun(sql, settings, cause, runId, end),
  };
}

/** Makes a backup in this process. Returns the receipt as it reads at the end. */
export async function followBackupRun(
  deps: BackupDeps,
  id: string,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Reply | null> {
  await followBackup(deps, id, report, signal);
  const row = await findBackup(deps.database.knex, id);
  if (!row?.run_id) return null;
  return readReply((await findRun(deps.database.knex, row.run_id))?.reply ?? null);
}
