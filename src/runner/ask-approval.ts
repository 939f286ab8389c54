import { type ApprovalRow, countPendingOf, insertApproval } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { isFindingOpen } from '#db/findings.ts';
import { type RunRow, updateRun } from '#db/runs.ts';
import { neededWords } from '#src/approvals/answered.ts';
import { renewApprovalCard } from '#src/approvals/renew-card.ts';
import { keepPlan, readShownPlan } from '#src/approvals/shown-plan.ts';
import { setApprovalTimers } from '#src/approvals/timers.ts';
import { recordAudit } from '#src/audit/record.ts';
import { UserError } from '#src/core/errors.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { remindAfterMs } from '#src/policy/approval-rules.ts';
import { whyNobodyCan } from '#src/policy/directory.ts';
import type { Verdict } from '#src/policy/judge.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { CommandContext, Plan } from './define-command.ts';
import { waitingReply } from './waiting-reply.ts';

/**
 * Turns a confirmed preview into a request: the run waits, its approval is bound to the fingerprint of the world that
 * the requester saw, and the card goes out, all in one transaction. What nobody could ever answer is refused here.
 */
export async function askApproval(
  sql: Sql,
  context: CommandContext,
  run: RunRow,
  plan: Plan<unknown>,
  verdict: Extract<Verdict, { kind: 'approval' }>,
): Promise<Reply> {
  const { settings, cause } = context;
  await refuseUnanswerable(sql, context, run, verdict);
  const approval: ApprovalRow = {
    id: newId('apr', cause.now),
    run_id: run.id,
    state: 'pending',
    version: 1,
    basis: fingerprint(plan.basis),
    command: run.command,
    customer_id: plan.customerId,
    requester_person: run.person,
    requester_id: run.actor_id,
    requester_name: run.actor_name,
    approver_role: verdict.role,
    approvers_needed: verdict.count,
    why: verdict.why,
    channel: verdict.channel,
    decided_person: null,
    decided_id: null,
    decided_name: null,
    decided_at: null,
    decision_reason: null,
    moved: null,
    reminders: 0,
    escalated_at: null,
    expires_at: cause.now + verdict.expiresMs,
    correlation_id: cause.correlationId,
    asked_at: cause.now,
    created_at: cause.now,
  };
  await insertApproval(sql, approval);
  // What the requester was warned of, the approver reads, too.
  const warnings = new Set([...(plan.warnings ?? []), ...readShownPlan(run.plan).warnings]);
  const kept = keepPlan({ ...plan, warnings: [...warnings] });
  const waiting = { ...run, plan: kept, basis: approval.basis, customer_id: plan.customerId };
  await updateRun(sql, run.id, {
    state: 'waiting',
    plan: waiting.plan,
    basis: waiting.basis,
    customer_id: waiting.customer_id,
  });
  await recordAudit(sql, cause, {
    command: 'approval ask',
    outcome: 'done',
    customerId: plan.customerId,
    input: { approval: approval.id, command: run.command, input: JSON.parse(run.input) },
    before: null,
    after: { state: 'pending', needs: neededWords(approval) },
  });
  await setApprovalTimers(sql, approval, cause.now, firstReminderAt(settings, approval, cause.now));
  await renewApprovalCard(sql, settings, cause, approval.id);
  return waitingReply(settings, approval, waiting);
}

/** Before it expires, however short that is. */
function firstReminderAt(settings: Settings, approval: ApprovalRow, now: number): number {
  return now + Math.min(remindAfterMs(settings), Math.floor((approval.expires_at - now) / 2));
}

/** A flood of requests would hide the one that matters. */
const OPEN_MAX = 20;

/** An approval that nobody can answer, or that nobody would see, is refused before it is asked. */
async function refuseUnanswerable(
  sql: Sql,
  { settings, cause }: CommandContext,
  run: RunRow,
  verdict: Extract<Verdict, { kind: 'approval' }>,
): Promise<void> {
  const open = await countPendingOf(sql, run.person);
  if (open >= OPEN_MAX) {
    throw new UserError(
      'refused',
      `${open} requests of yours wait for an answer already, so nothing more is asked.`,
      'Withdraw what is not needed any more: approval list',
    );
  }
  const who = { role: verdict.role, count: verdict.count, requesterPerson: run.person };
  const nobody = await whyNobodyCan(sql, settings, who, cause.now);
  if (nobody) throw new UserError('refused', `${verdict.why} ${nobody.why}`, nobody.hint);
  const channel = settings.channels[verdict.channel];
  if (await isFindingOpen(sql, 'message_undelivered', channel)) {
    throw new UserError(
      'unavailable',
      `This needs an approval, and Lucy’s messages to ${channel} do not arrive, so nobody would see it.`,
      `Mend the channel first (type /invite @lucy there), then ask again; nothing was changed.`,
    );
  }
}
