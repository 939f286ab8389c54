import { inTransaction } from '#db/transaction.ts';
import { requireApprover } from '#src/approvals/may-answer.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { dwellMs } from '#src/policy/approval-rules.ts';
import type { Reply } from '#src/replies/reply.ts';
import { ActImpossible } from './act-impossible.ts';
import { type Answering, authoriseAnswer, causeOf } from './answering.ts';
import { type Approved, approveRun } from './approve-run.ts';
import { auditRefusal } from './audit-refusal.ts';
import { endImpossible, gatherAct } from './gather-act.ts';
import { type Asked, findAsked, requireOpen } from './open-approval.ts';
import { contextOf, type Runner } from './runner.ts';

/** Says yes. Every outcome has its sentence; what cannot be answered throws a UserError. */
export async function approve(runner: Runner, answering: Answering): Promise<Reply> {
  const asked = await findAsked(runner.database.knex, runner.commands, answering.approvalId);
  const cause = causeOf(runner, answering, asked, null);
  return auditRefusal(runner, { name: 'approval approve' }, { approval: asked.approval.id }, cause, () =>
    sayYes(runner, answering, asked, cause),
  );
}

async function sayYes(runner: Runner, answering: Answering, asked: Asked, cause: Cause): Promise<Reply> {
  const { approval } = asked;
  requireApprover(runner.settings, approval, answering.actor);
  authoriseAnswer(runner, 'approval approve', answering);
  requireOpen(approval, cause.now);
  requireRead(runner, asked, cause.now);
  const outside = contextOf(runner, cause);
  const gathered = await gatherAct(outside, asked, answering.readRequester);
  if (gathered.kind === 'impossible') return endImpossible(runner, cause, asked, gathered.error);
  try {
    const approved = await inTransaction(runner.database, (sql) =>
      approveRun(sql, contextOf(runner, cause, sql), {
        asked,
        requester: gathered.requester,
        approver: answering.actor,
        gathered: gathered.outside,
        seenBasis: answering.seenBasis,
      }),
    );
    if (approved.kind === 'done') logOf(runner, asked, approved);
    return replyTo(approved, asked);
  } catch (error) {
    if (error instanceof ActImpossible) return endImpossible(runner, cause, asked, error.why);
    throw error;
  }
}

/** Nobody reads a card in less: a click sooner than this was on the way before the card was there. */
function requireRead(runner: Runner, { approval }: Asked, now: number): void {
  if (now - approval.asked_at >= dwellMs(runner.settings)) return;
  throw new UserError(
    'conflict',
    'This was asked a moment ago, so nothing was done yet.',
    'Read the card, then click again.',
  );
}

function logOf(
  runner: Runner,
  { run }: Asked,
  { logs, approval }: Extract<Approved, { kind: 'done' }>,
): void {
  for (const line of logs)
    runner.log.info(
      {
        correlationId: run.correlation_id,
        actor: run.actor_id,
        approvedBy: approval.decided_id,
        run: run.id,
        ...line,
      },
      line.event,
    );
}

function replyTo(approved: Approved, { approval }: Asked): Reply {
  const { correlation_id: correlationId } = approval;
  if (approved.kind === 'counted') return { tone: 'info', title: approved.sentence, correlationId };
  if (approved.kind === 'moved') {
    return {
      tone: 'warning',
      title: 'Something changed since this was asked, so nothing was done; the card asks anew.',
      warnings: approved.sentences,
      hint: 'Look at the card as it is now, and approve it if it is still right.',
      correlationId,
    };
  }
  const { title, changes, json } = approved.reply;
  return {
    tone: approved.reply.tone,
    title: `Approved. ${title}`,
    ...(changes ? { changes } : {}),
    ...(approved.reply.tone === 'sending' ? { hint: 'The card shows how far it is.' } : {}),
    correlationId,
    json: { approved: true, approval: approval.id, ...(json as Record<string, unknown> | undefined) },
  };
}
