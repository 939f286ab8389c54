import { findBackup } from '#db/backups.ts';
import { findRestore } from '#db/restores.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import type { Progress } from '#src/replies/progress.ts';
import type { Reply } from '#src/replies/reply.ts';
import { carryBackups } from './carry-backups.ts';
import { carryRestores } from './carry-restore.ts';
import type { BackupDeps } from './deps.ts';
import { restoreCard } from './restore-card.ts';

const IDLE_MS = SECOND_MS;

/** Carries a backup in this process to its end; the service may carry it, too, and neither minds. True when it is over. */
export async function followBackup(
  deps: BackupDeps,
  id: string,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const say = (words: string) => report({ done: 0, total: 1, words });
  for (;;) {
    const row = await findBackup(deps.database.knex, id);
    if (!row || row.ended_at !== null) return true;
    if (signal.aborted) return false;
    if ((await carryBackups(deps, say, id)) === 0) await deps.pause(IDLE_MS);
  }
}

/**
 * Carries a restore or a drill until people can work again; what is left then is the service’s: to catch up with Stripe.
 * Interrupted, it stops between two steps.
 */
export async function followRestore(
  deps: BackupDeps,
  id: string,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Reply | null> {
  let done = 0;
  const say = (words: string) => report({ done: ++done, total: Math.max(10, done), words });
  for (;;) {
    const row = await findRestore(deps.database.knex, id);
    if (!row || row.ended_at !== null || row.step === 'catching_up' || signal.aborted) break;
    if ((await carryRestores(deps, say, id)) === 0) await deps.pause(IDLE_MS);
  }
  const row = await findRestore(deps.database.knex, id);
  const card = await restoreCard(deps.database.knex, id);
  if (!row || !card) return null;
  const isDone = row.step === 'done' || row.step === 'catching_up';
  return {
    ...card.reply,
    tone: isDone ? 'done' : 'warning',
    buttons: [],
    json: { restore: id, step: row.step, problem: row.error, facts: JSON.parse(row.facts) },
  };
}
