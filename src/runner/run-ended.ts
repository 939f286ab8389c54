import { type ApprovalRow, findApprovalOfRun } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import type { RunRow } from '#db/runs.ts';
import { answerOf } from '#src/approvals/answered.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';
import { waitingReply } from './waiting-reply.ts';

/** What to say of a run that cannot be confirmed any more, because it ended or waits for others; null when it can. */
export async function endedReply(sql: Sql, settings: Settings, run: RunRow): Promise<Reply | null> {
  switch (run.state) {
    case 'draft':
    case 'planned':
      return null;
    case 'cancelled':
      return cancelledReply(run, await findApprovalOfRun(sql, run.id));
    case 'waiting': {
      const approval = await findApprovalOfRun(sql, run.id);
      if (!approval) throw new Error(`Run ${run.id} waits for an approval that is not there`);
      const waiting = waitingReply(settings, approval, run);
      return { ...waiting, warnings: ['This was already asked; nothing was asked again.'] };
    }
    case 'carrying': {
      const receipt = readReply(run.reply);
      return receipt && { ...receipt, warnings: ['This is on its way already; nothing was sent again.'] };
    }
    case 'failed': {
      const receipt = readReply(run.reply);
      return receipt && { ...receipt, warnings: ['It was tried once already, and was not tried again now.'] };
    }
    case 'done': {
      const receipt = readReply(run.reply);
      return receipt && { ...receipt, warnings: ['This was already done; nothing was done again.'] };
    }
  }
}

/** Dropped by its owner, or answered with no: whoever asks again reads which. */
function cancelledReply(run: RunRow, approval: ApprovalRow | undefined): Reply {
  const answer = approval && answerOf(approval);
  const { title } = readShownPlan(run.plan);
  const json = { done: false, run: run.id, approval: approval?.id ?? null, answer: answer ?? null };
  if (!answer) {
    return {
      tone: 'info',
      title: 'This preview was cancelled or replaced by a newer one, so nothing was changed by it.',
      hint: 'Type the command again if you want it after all.',
      json: { ...json, title },
    };
  }
  return {
    tone: approval.state === 'denied' ? 'refused' : 'info',
    title: `${title}: nothing was done. ${answer}`,
    hint: 'Ask again if something has changed since.',
    correlationId: run.correlation_id,
    json: { ...json, title },
  };
}

export function unknownRun(runId: string): UserError {
  return new UserError('not_found', `There is no run ${runId} to confirm.`, 'Type the command again.');
}

export function notYours(run: RunRow): UserError {
  return new UserError(
    'refused',
    `This preview belongs to ${run.actor_name}; only they can confirm or cancel it.`,
    'Type the command yourself to get your own preview.',
  );
}
