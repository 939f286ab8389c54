import { inTransaction } from '#db/transaction.ts';
import { requireApprover, requireRequester } from '#src/approvals/may-answer.ts';
import type { Actor, Surface } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { dwellMs } from '#src/policy/approval-rules.ts';
import { authorise } from '#src/policy/authorise.ts';
import type { Place } from '#src/policy/place.ts';
import type { Reply } from '#src/replies/reply.ts';
import { ActImpossible } from './act-impossible.ts';
import { type Approved, approveRun } from './approve-run.ts';
import { auditRefusal } from './audit-refusal.ts';
import { endAsked } from './end-asked.ts';
import { endImpossible, gatherAct } from './gather-act.ts';
import { type Asked, findAsked, requireOpen } from './open-approval.ts';
import { contextOf, type Runner } from './runner.ts';

/** One click on an approval's card, or the same through another surface. */
export type Answering = {
  approvalId: string;
  /** What the card showed, from the button; null where it was read a moment ago. */
  seenBasis: string | null;
  actor: Actor;
  surface: Surface;
  /** Where in Slack; null at the terminal, which is bound to no channel. */
  place: Place | null;
  /** Asks the surface who the requester is by now; where it cannot, what is known in the database counts. */
  readRequester?(actorId: string): Promise<Actor | null>;
};

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

/** A button is bound by the policy of the command that it stands for. */
function authoriseAnswer(runner: Runner, name: string, { actor, place }: Answering): void {
  const command = runner.commands.find((candidate) => candidate.name === name);
  if (!command) throw new Error(`There is no command ${name}`);
  authorise(runner.settings, command, actor, place);
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

function causeOf(
  runner: Runner,
  { actor, surface }: Answering,
  { approval, run }: Asked,
  reason: string | null,
): Cause {
  return {
    actor,
    surface,
    correlationId: approval.correlation_id,
    reason: reason ?? run.reason,
    ticket: run.ticket,
    runId: run.id,
    now: runner.clock.now(),
  };
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
