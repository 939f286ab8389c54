import { type ApprovalRow, findApproval, updatePendingApproval } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { findRun, updateRun } from '#db/runs.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { answerOf } from './answered.ts';
import { renewApprovalCard } from './renew-card.ts';
import { readShownPlan } from './shown-plan.ts';
import { tellRequester } from './tell-requester.ts';
import { clearApprovalTimers } from './timers.ts';

export type Ending = {
  state: 'denied' | 'cancelled' | 'expired';
  /** Who ended it: a person, or Lucy's schedule. */
  by: Actor;
  reason: string | null;
};

/**
 * Ends an approval without its act: the row, its run, its timers, the audit, the card and the word to the requester,
 * in one transaction.
 *
 * @returns false when it was decided meanwhile
 */
export async function endApproval(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approval: ApprovalRow,
  ending: Ending,
): Promise<boolean> {
  const isOurs = await updatePendingApproval(sql, approval.id, approval.version, {
    state: ending.state,
    decided_person: ending.by.person,
    decided_id: ending.by.id,
    decided_name: ending.by.name,
    decided_at: cause.now,
    decision_reason: ending.reason,
  });
  if (!isOurs) return false;
  await clearApprovalTimers(sql, approval.id);
  await updateRun(sql, approval.run_id, { state: 'cancelled' });
  await recordAudit(
    sql,
    { ...cause, actor: ending.by, reason: ending.reason ?? cause.reason, runId: approval.run_id },
    {
      command: commandOf[ending.state],
      outcome: 'done',
      customerId: approval.customer_id,
      input: { approval: approval.id, command: approval.command },
      before: { state: 'pending' },
      after: { state: ending.state },
    },
  );
  await renewApprovalCard(sql, settings, cause, approval.id);
  const ended = await findApproval(sql, approval.id);
  if (ended && ending.by.person !== approval.requester_person) await tell(sql, settings, cause, ended);
  return true;
}

const commandOf = { denied: 'approval deny', cancelled: 'approval cancel', expired: 'timer approval_expiry' };

async function tell(sql: Sql, settings: Settings, cause: Cause, ended: ApprovalRow): Promise<void> {
  const run = await findRun(sql, ended.run_id);
  const { title } = readShownPlan(run?.plan ?? null);
  await tellRequester(sql, settings, cause, ended, {
    tone: ended.state === 'denied' ? 'refused' : 'info',
    title: `${title}: nothing was done. ${answerOf(ended) ?? ''}`,
    facts: [{ label: 'Approval', value: { code: ended.id } }],
    hint:
      ended.state === 'denied'
        ? 'Talk it over with whoever denied it; ask again when something has changed.'
        : 'Ask again if you still want it.',
    correlationId: ended.correlation_id,
  });
}
