import { followRestore } from '#src/backups/follow.ts';
import { readCreditsSince } from '#src/payments/credits-since.ts';
import { realPause } from '#src/reconciliation/deps.ts';
import { followReconciliation } from '#src/reconciliation/follow.ts';
import type { Follow } from '#src/replies/progress.ts';
import { backupDepsOf, followBackupRun } from '#src/runner/follow-backup.ts';
import { followBatch } from '#src/runner/follow-batch.ts';
import type { Runner } from '#src/runner/runner.ts';

/** What a terminal can carry to its end by itself, by the word before the id in a card's key. */
export function createFollow(runner: Omit<Runner, 'follow'>, pause = realPause): Follow {
  return async (key, report, signal) => {
    const [kind = '', id = ''] = key.split(':');
    if (kind === 'batch') return followBatch(runner, id, report, signal);
    const backups = backupDepsOf(runner, pause);
    if (kind === 'backup') return followBackupRun(backups, id, report, signal);
    if (kind === 'restore') return followRestore(backups, id, report, signal);
    const { database, settings, clock, log, mode, stripe } = runner;
    if (kind !== 'reconciliation' || !stripe) return null;
    const creditsSince = await readCreditsSince(database.knex, settings, clock.now());
    const deps = { database, settings, clock, log, mode, stripe, creditsSince, pause };
    return followReconciliation(deps, id, report, signal);
  };
}
