import { inTransaction } from '#db/transaction.ts';
import { requireApprover, requireRequester } from '#src/approvals/may-answer.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type Answering, authoriseAnswer, causeOf } from './answering.ts';
import { auditRefusal } from './audit-refusal.ts';
import { endAsked } from './end-asked.ts';
import { type Asked, findAsked } from './open-approval.ts';
import type { Runner } from './runner.ts';

/** What somebody may say no to; for a form, too, which refuses whoever may not before they type a reason. */
export async function requireMayDeny(
  runner: Runner,
  answering: Answering,
  reason: string | null,
): Promise<{ asked: Asked; cause: Cause }> {
  const asked = await findAsked(runner.database.knex, runner.commands, answering.approvalId);
  const cause = causeOf(runner, answering, asked, reason);
  await auditRefusal(runner, { name: 'approval deny' }, { approval: asked.approval.id }, cause, async () => {
    requireApprover(runner.settings, asked.approval, answering.actor);
    authoriseAnswer(runner, 'approval deny', answering);
  });
  return { asked, cause };
}

/** Says no, with the reason that the requester is told. */
export async function deny(runner: Runner, answering: Answering, reason: string): Promise<Reply> {
  const { asked, cause } = await requireMayDeny(runner, answering, reason);
  await end(runner, cause, asked, 'denied', reason);
  return {
    tone: 'done',
    title: `Denied, and ${asked.approval.requester_name} is told why. Nothing was changed.`,
    correlationId: asked.approval.correlation_id,
    json: { denied: true, approval: asked.approval.id, correlationId: asked.approval.correlation_id },
  };
}

/** Takes the request back; for whoever asked. */
export async function withdraw(runner: Runner, answering: Answering, reason: string | null): Promise<Reply> {
  const asked = await findAsked(runner.database.knex, runner.commands, answering.approvalId);
  const cause = causeOf(runner, answering, asked, reason);
  await auditRefusal(
    runner,
    { name: 'approval cancel' },
    { approval: asked.approval.id },
    cause,
    async () => {
      authoriseAnswer(runner, 'approval cancel', answering);
      requireRequester(runner.settings, asked.approval, answering.actor);
    },
  );
  await end(runner, cause, asked, 'cancelled', reason);
  return {
    tone: 'done',
    title: 'Withdrawn: nothing was changed.',
    correlationId: asked.approval.correlation_id,
    json: { withdrawn: true, approval: asked.approval.id, correlationId: asked.approval.correlation_id },
  };
}

async function end(
  runner: Runner,
  cause: Cause,
  asked: Asked,
  state: 'denied' | 'cancelled',
  reason: string | null,
): Promise<void> {
  const ending = { approvalId: asked.approval.id, state, reason };
  // Whether they may was looked at before, where a refusal is audited.
  const mayEnd = () => {};
  await inTransaction(runner.database, (sql) => endAsked(sql, runner.settings, cause, ending, mayEnd));
}
