import {
  type ApprovalRow,
  findApproval,
  lockApproval,
  updatePendingApproval,
  type VoteRow,
} from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { lockEntitlement } from '#db/entitlements.ts';
import { lockRun, type RunRow, updateRun } from '#db/runs.ts';
import { shortBasis } from '#src/approvals/card.ts';
import { renewApprovalCard } from '#src/approvals/renew-card.ts';
import { keepPlan, movedSentences, readShownPlan } from '#src/approvals/shown-plan.ts';
import { clearApprovalTimers } from '#src/approvals/timers.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { requireNoMaintenance } from '#src/maintenance/require-open.ts';
import { possible } from './act-impossible.ts';
import { vote } from './count-votes.ts';
import type { CommandContext, Plan } from './define-command.ts';
import { type Finished, finishRun } from './finish-run.ts';
import { type Stricter, stricterNow } from './judge-again.ts';
import { type Asked, actContext, requireOpen, unknownApproval } from './open-approval.ts';
import { tellApproved } from './tell-approved.ts';

export type Approved =
  /** Enough people said yes, and it was done, or is on its way. */
  | ({ kind: 'done'; approval: ApprovalRow } & Finished)
  /** One of several said yes. */
  | { kind: 'counted'; approval: ApprovalRow; sentence: string }
  /** The world moved since it was asked, so it is asked anew. */
  | { kind: 'moved'; approval: ApprovalRow; sentences: string[] };

export type Approving = {
  asked: Asked;
  /** The requester, as they are now: it is their act. */
  requester: Actor;
  approver: Actor;
  /** What was read outside before the transaction. */
  gathered: unknown;
  /** The world that the approver looked at: what the button carries, or null where the approval itself was read. */
  seenBasis: string | null;
};

/**
 * One person's yes, in one transaction that holds the approval: of any number of simultaneous ones exactly one is the
 * last that was needed, and that one does the act. The world is read again first; if it moved since the card was
 * made, nothing is done and the card asks anew with the difference (DESIGN section 4).
 */
export async function approveRun(sql: Sql, context: CommandContext, approving: Approving): Promise<Approved> {
  const { asked, approver, seenBasis } = approving;
  const held = await lockApproval(sql, asked.approval.id);
  const run = held && (await lockRun(sql, held.run_id));
  if (!held || !run) throw unknownApproval(asked.approval.id);
  requireOpen(held, context.cause.now);
  // What is approved, not “backup restore” alone: nothing is done under a restore that is under way.
  await requireNoMaintenance(sql, 'approval approve', context.cause.now);
  if (seenBasis !== null && seenBasis !== shortBasis(held)) throw renewedSince();
  if (held.customer_id) await lockEntitlement(sql, held.customer_id);
  const act = actContext({ ...context, sql }, run, approving.requester);
  const prepared = await possible(() =>
    asked.command.prepare(JSON.parse(run.input), act, approving.gathered),
  );
  const basis = fingerprint(prepared.plan.basis);
  const stricter = await stricterNow(act, asked, approving.requester, held, prepared.plan);
  if (basis !== held.basis || stricter)
    return askAnew(sql, act, held, run, { plan: prepared.plan, basis, stricter });
  const votes = await vote(sql, context, held, approver);
  if (votes.length < held.approvers_needed) return count(sql, act, held, votes);
  const approval = await decide(sql, context.cause, held, approver);
  const doing = { ...act.cause, approval: { id: approval.id, by: votes.map(whoVoted) } };
  const finished = await possible(() =>
    finishRun(sql, { ...act, cause: doing }, asked.command, run, prepared),
  );
  await renewApprovalCard(sql, context.settings, doing, approval.id);
  await tellApproved(sql, context.settings, doing, approval, finished.reply);
  return { kind: 'done', approval, ...finished };
}

async function askAnew(
  sql: Sql,
  act: CommandContext,
  held: ApprovalRow,
  run: RunRow,
  { plan, basis, stricter }: { plan: Plan<unknown>; basis: string; stricter: Stricter | null },
): Promise<Extract<Approved, { kind: 'moved' }>> {
  const kept = keepPlan(plan);
  const moved = basis === held.basis ? [] : movedSentences(readShownPlan(run.plan), readShownPlan(kept));
  const sentences = [...moved, ...(stricter ? [stricter.why] : [])];
  await updatePendingApproval(sql, held.id, held.version, {
    ...(stricter ? { approvers_needed: stricter.count, why: stricter.why } : {}),
    basis,
    moved: JSON.stringify(sentences),
    asked_at: act.cause.now,
    customer_id: plan.customerId,
  });
  await updateRun(sql, run.id, { basis, plan: kept, customer_id: plan.customerId });
  await renewApprovalCard(sql, act.settings, act.cause, held.id);
  return { kind: 'moved', approval: held, sentences };
}

async function count(
  sql: Sql,
  act: CommandContext,
  approval: ApprovalRow,
  votes: readonly VoteRow[],
): Promise<Extract<Approved, { kind: 'counted' }>> {
  // Only to raise the version: the card shows one name more.
  await updatePendingApproval(sql, approval.id, approval.version, {});
  await renewApprovalCard(sql, act.settings, act.cause, approval.id);
  const sentence = `Your approval counts: ${votes.length} of ${approval.approvers_needed}. Nothing is done until somebody else with the role ${approval.approver_role} approves, too.`;
  return { kind: 'counted', approval, sentence };
}

async function decide(sql: Sql, cause: Cause, approval: ApprovalRow, by: Actor): Promise<ApprovalRow> {
  const isOurs = await updatePendingApproval(sql, approval.id, approval.version, {
    state: 'approved',
    decided_person: by.person,
    decided_id: by.id,
    decided_name: by.name,
    decided_at: cause.now,
  });
  const decided = isOurs && (await findApproval(sql, approval.id));
  if (!decided) throw new Error(`Approval ${approval.id} changed while it was held`);
  await clearApprovalTimers(sql, approval.id);
  return decided;
}

function whoVoted({ person, actor_name: name, at }: VoteRow): { person: string; name: string; at: number } {
  return { person, name, at };
}

function renewedSince(): UserError {
  return new UserError(
    'moved',
    'This card was renewed after you looked at it, so nothing was done.',
    'Look at the card as it is now, and answer it if it is still right.',
  );
}
