import { type ApprovalRow, insertVote, listVotes, type VoteRow } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { neededWords } from '#src/approvals/answered.ts';
import { isApprover } from '#src/approvals/may-answer.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { findPerson } from '#src/policy/directory.ts';
import { isSamePerson } from '#src/policy/same-person.ts';
import type { CommandContext } from './define-command.ts';

/**
 * One more vote, and those that count: of people who may still answer, each another human. The settings may say only
 * now that two ids are one of them.
 */
export async function vote(
  sql: Sql,
  context: CommandContext,
  approval: ApprovalRow,
  approver: Actor,
): Promise<VoteRow[]> {
  const { cause, settings } = context;
  const earlier = await listVotes(sql, approval.id, approval.basis);
  const isTheirs = (row: VoteRow) =>
    isSamePerson(settings, { person: row.person, actorId: row.actor_id }, approver);
  const isNew =
    !earlier.some(isTheirs) &&
    (await insertVote(sql, {
      approval_id: approval.id,
      person: approver.person,
      basis: approval.basis,
      actor_id: approver.id,
      actor_name: approver.name,
      surface: cause.surface,
      at: cause.now,
    }));
  if (!isNew) {
    throw new UserError(
      'conflict',
      `You approved this already; it needs ${neededWords(approval)}, each by somebody else.`,
      'Ask a colleague who has the role.',
    );
  }
  await recordAudit(
    sql,
    { ...cause, runId: approval.run_id, correlationId: approval.correlation_id },
    {
      command: 'approval approve',
      outcome: 'done',
      customerId: approval.customer_id,
      input: { approval: approval.id, command: approval.command, basis: approval.basis },
      before: { state: 'pending' },
      after: { approvedBy: approver.person },
    },
  );
  const counting: VoteRow[] = [];
  for (const row of earlier) if (await mayStillAnswer(context, approval, row)) counting.push(row);
  const own = (await listVotes(sql, approval.id, approval.basis)).filter(isTheirs);
  return [...counting, ...own];
}

/** Somebody who voted before the last one: their role is what is known of it now. */
async function mayStillAnswer(
  { sql, settings, cause }: CommandContext,
  approval: ApprovalRow,
  row: VoteRow,
): Promise<boolean> {
  const voter = await findPerson(sql, settings, row.actor_id, cause.now);
  return voter !== undefined && isApprover(approval, voter);
}
