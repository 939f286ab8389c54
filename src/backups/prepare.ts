import {
  cancelPreviews,
  dropUnsentMails,
  dropUnsentMessages,
  endStaleWork,
  listPendingApprovalIds,
  markEverybodyDirty,
} from '#db/after-restore.ts';
import { lockApproval } from '#db/approvals.ts';
import type { Database, Sql } from '#db/connection.ts';
import { holdBatches, holdRepairs, holdUnsentEffects } from '#db/held-work.ts';
import { findOpenRun } from '#db/reconcile-runs.ts';
import type { RestoreRow } from '#db/restores.ts';
import { inTransaction } from '#db/transaction.ts';
import { endApproval } from '#src/approvals/end.ts';
import { recordAudit } from '#src/audit/record.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted, listed } from '#src/core/text.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { readCreditsSince } from '#src/payments/credits-since.ts';
import { startReconciliation } from '#src/reconciliation/start.ts';
import { adoptFiles } from './adopt.ts';
import type { BackupDeps } from './deps.ts';
import { learn, learnEffects } from './learn.ts';
import type { RestoreFacts } from './restore-facts.ts';

type Deps = Pick<BackupDeps, 'settings' | 'clock' | 'mode'>;

const HELD = 'held after restore';
/** Behind those of whom a webhook speaks, before those of the nightly comparison. */
const PRIORITY = 6;

/**
 * Makes a restored database one that may go on where the living one stands, while it still lies beside it: whatever was on
 * its way then is held, because it may have arrived since; everybody is to be asked of Stripe anew; and the restore knows
 * of itself. What is swapped in after this needs nothing more to be safe.
 *
 * @param live null where the living database cannot be read any more
 */
export async function prepareRestored(
  deps: Deps,
  restored: Database,
  live: Sql | null,
  about: { row: RestoreRow; cause: Cause; folder: string },
): Promise<Pick<RestoreFacts, 'held' | 'customers' | 'reconciliation'>> {
  const { row, cause, folder } = about;
  return inTransaction(restored, async (sql) => {
    if (live) await learnEffects(live, sql, row);
    const held = await holdBack(sql, deps.settings, cause);
    // First the files: a backup that was being made then stands there finished by now.
    await adoptFiles(sql, folder, cause.now);
    await endStaleWork(sql, HELD, cause.now);
    if (live) await learn(deps, live, sql, row, cause);
    const customers = await markEverybodyDirty(sql, PRIORITY);
    const reconciliation = await beginComparison(sql, deps, cause);
    await tellHeld(sql, cause, row, held);
    await recordAudit(sql, cause, {
      command: 'backup restore',
      outcome: 'done',
      customerId: null,
      input: { backup: row.backup_id, restore: row.id },
      before: null,
      after: { asOf: row.reached_at, held, customers, reconciliation },
    });
    return { held, customers, reconciliation };
  });
}

async function holdBack(
  sql: Sql,
  settings: Settings,
  cause: Cause,
): Promise<NonNullable<RestoreFacts['held']>> {
  const messages = await dropUnsentMessages(sql, HELD);
  const mails = await dropUnsentMails(sql, HELD, cause.now);
  const effects = await holdUnsentEffects(sql);
  const batches = await holdBatches(sql);
  const repairs = await holdRepairs(sql);
  await cancelPreviews(sql, cause.runId);
  const approvals = await listPendingApprovalIds(sql, cause.runId);
  for (const id of approvals) {
    const approval = await lockApproval(sql, id);
    const reason = 'The database was restored from a backup; whoever still wants it asks anew.';
    if (approval)
      await endApproval(sql, settings, cause, approval, { state: 'cancelled', by: scheduleActor, reason });
  }
  return { messages, mails, effects, batches, repairs, approvals: approvals.length };
}

async function beginComparison(sql: Sql, deps: Deps, cause: Cause): Promise<string> {
  const open = await findOpenRun(sql, deps.mode);
  // It was going on then, with most of it before its eyes; it goes on, and the night compares everything.
  if (open) return open.id;
  const creditsSince = await readCreditsSince(sql, deps.settings, cause.now);
  const { settings, mode } = deps;
  // Not the restore’s run: its end is not the comparison’s.
  const begun = await startReconciliation(
    sql,
    { ...cause, reason: 'The database was restored from a backup' },
    { settings, mode, creditsSince, openedAt: null, kinds: null },
  );
  return begun.id;
}

async function tellHeld(
  sql: Sql,
  cause: Cause,
  row: RestoreRow,
  { effects, batches = 0, repairs = 0 }: NonNullable<RestoreFacts['held']>,
): Promise<void> {
  if (effects + batches + repairs === 0) return;
  const parts = [
    ...(effects > 0 ? [counted(effects, 'change at Stripe', 'changes at Stripe')] : []),
    ...(batches > 0 ? [counted(batches, 'list of credits', 'lists of credits')] : []),
    ...(repairs > 0 ? [counted(repairs, 'repair')] : []),
  ];
  await raiseFinding(sql, cause, {
    kind: 'held_after_restore',
    subject: 'stripe',
    customerId: null,
    summary: `The restore found ${listed(parts)} on the way, at the time of the backup or since. Some of it may have arrived, so Lucy does none of it by herself.`,
    hint: 'Look at it, and let it go on: what is for Stripe is looked for there first, and what is there is not sent again.',
    evidence: { restore: row.id, effects, batches, repairs },
    tell: 'billing',
    buttons: [{ kind: 'command', label: 'Let it go on', line: 'backup release' }],
  });
}
