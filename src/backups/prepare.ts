import {
  cancelPreviews,
  copyApproval,
  copyRows,
  dropUnsentMails,
  dropUnsentMessages,
  endStaleWork,
  holdUnsentEffects,
  learnCards,
  learnMails,
  listPendingApprovalIds,
  markEverybodyDirty,
} from '#db/after-restore.ts';
import { lockApproval } from '#db/approvals.ts';
import type { Database, Sql } from '#db/connection.ts';
import { findOpenRun } from '#db/reconcile-runs.ts';
import type { RestoreRow } from '#db/restores.ts';
import { inTransaction } from '#db/transaction.ts';
import { endApproval } from '#src/approvals/end.ts';
import { recordAudit } from '#src/audit/record.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { readCreditsSince } from '#src/payments/credits-since.ts';
import { startReconciliation } from '#src/reconciliation/start.ts';
import { adoptFiles } from './adopt.ts';
import type { BackupDeps } from './deps.ts';
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
    const held = await holdBack(sql, deps.settings, cause);
    // First the files: a backup that was being made then stands there finished by now.
    await adoptFiles(sql, folder, cause.now);
    await endStaleWork(sql, HELD, cause.now);
    if (live) await learn(live, sql, row);
    const customers = await markEverybodyDirty(sql, PRIORITY);
    const reconciliation = await beginComparison(sql, deps, cause);
    if (held.effects > 0) await tellHeld(sql, cause, row, held.effects);
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
  await cancelPreviews(sql, cause.runId);
  const approvals = await listPendingApprovalIds(sql, cause.runId);
  for (const id of approvals) {
    const approval = await lockApproval(sql, id);
    const reason = 'The database was restored from a backup; whoever still wants it asks anew.';
    if (approval)
      await endApproval(sql, settings, cause, approval, { state: 'cancelled', by: scheduleActor, reason });
  }
  return { messages, mails, effects, approvals: approvals.length };
}

/** What the restored database must know of the time between. */
async function learn(live: Sql, sql: Sql, row: RestoreRow): Promise<void> {
  if (row.run_id !== null) {
    await copyRows(live, sql, 'runs', { id: row.run_id }, ['id']);
    await copyApproval(live, sql, row.run_id);
  }
  await copyRows(live, sql, 'cards', { key: `restore:${row.id}` }, ['key']);
  await copyRows(live, sql, 'maintenance', { restore_id: row.id }, ['id']);
  await learnCards(live, sql);
  await learnMails(live, sql, row.reached_at - DAY_MS);
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

async function tellHeld(sql: Sql, cause: Cause, row: RestoreRow, effects: number): Promise<void> {
  await raiseFinding(sql, cause, {
    kind: 'held_after_restore',
    subject: 'stripe',
    customerId: null,
    summary: `${counted(effects, 'change')} that ${effects === 1 ? 'was' : 'were'} on the way to Stripe when the backup was made may have arrived since, so Lucy sends ${effects === 1 ? 'it' : 'none of them'} by herself.`,
    hint: 'Look at them, and let them go on: each is looked for at Stripe first, and what is there is not sent again.',
    evidence: { restore: row.id, effects },
    tell: 'billing',
    buttons: [{ kind: 'command', label: 'Let them go on', line: 'backup release' }],
  });
}
