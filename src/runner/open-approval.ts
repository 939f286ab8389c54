import { type ApprovalRow, findApproval } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { findRun, type RunRow } from '#db/runs.ts';
import { answerOf } from '#src/approvals/answered.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import type { ChangeCommand, CommandContext } from './define-command.ts';

/** An approval with what it would do. */
export type Asked = { approval: ApprovalRow; run: RunRow; command: ChangeCommand };

/** @throws UserError when there is no such approval */
export async function findAsked(
  sql: Sql,
  commands: CommandContext['commands'],
  approvalId: string,
): Promise<Asked> {
  const approval = await findApproval(sql, approvalId);
  const run = approval && (await findRun(sql, approval.run_id));
  if (!approval || !run) throw unknownApproval(approvalId);
  const command = commands.find((candidate) => candidate.name === approval.command);
  if (!command || command.effect === 'reads')
    throw new Error(`Approval ${approvalId} is for ${approval.command}, which changes nothing`);
  return { approval, run, command };
}

/** The act is the requester's: their name, reason and ticket, under the correlation id of their request. */
export function actContext(context: CommandContext, run: RunRow, requester: Actor): CommandContext {
  const { reason, ticket, correlation_id: correlationId, id: runId } = run;
  return { ...context, cause: { ...context.cause, actor: requester, reason, ticket, correlationId, runId } };
}

export function unknownApproval(id: string): UserError {
  return new UserError(
    'not_found',
    `There is no approval ${id}.`,
    '“approval list” shows what is open and what became of the last ones.',
    { approval: 'There is no such approval.' },
  );
}

/** @throws UserError that says who answered it, or that its time is over */
export function requireOpen(approval: ApprovalRow, now: number): void {
  const answer = answerOf(approval);
  if (answer) {
    throw new UserError(
      'conflict',
      answer,
      approval.state === 'approved'
        ? 'Nothing was done again; the card shows how far it is.'
        : 'Nothing was changed by it. It can be asked for again.',
    );
  }
  if (approval.expires_at <= now) {
    throw new UserError(
      'conflict',
      'The time to answer this is over, so nothing was changed.',
      'Ask the requester to ask again if it is still wanted.',
    );
  }
}
