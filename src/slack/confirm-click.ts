import { findRun, type RunRow } from '#db/runs.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { UserError } from '#src/core/errors.ts';
import type { Change, Reply } from '#src/replies/reply.ts';
import { cancelRun } from '#src/runner/cancel-run.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { askedBy } from './ask.ts';
import type { Caller } from './identity/members.ts';
import { nowhere, type SlackParts } from './parts.ts';
import { refuseStranger } from './refuse-stranger.ts';
import { tellError } from './tell-error.ts';

/**
 * The click that does it. Who clicks is read from Slack again, whatever was remembered, because a role may have been
 * taken away since the preview. What is done comes from the run's row alone.
 */
export async function confirmClick(
  parts: SlackParts,
  caller: Caller,
  runId: string,
  key: string,
): Promise<Reply> {
  const { runner } = parts;
  let run: RunRow | undefined;
  let correlationId = newCorrelationId(runner.clock.now());
  try {
    run = await findRun(runner.database.knex, runId);
    correlationId = run?.correlation_id ?? correlationId;
    const asked = await askedBy(parts, caller, { key, origin: nowhere, correlationId }, { isFresh: true });
    if (asked.actor.refusal !== null) return await refuseStranger(parts, asked, run?.command ?? '');
    const reply = await confirmRun(runner, runId, asked.actor, 'slack');
    parts.runEnded(caller.userId, asked.actor);
    return reply;
  } catch (error) {
    const reply = tellError(parts.log, error, correlationId);
    const isWorthRetrying = !(error instanceof UserError) || error.code === 'unavailable';
    return run && isWorthRetrying ? { ...reply, ...againReply(run.plan, runId) } : reply;
  }
}

/** Drops the preview. */
export async function cancelClick(parts: SlackParts, caller: Caller, runId: string): Promise<Reply> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  try {
    const asked = await askedBy(parts, caller, { key: `cancel:${runId}`, origin: nowhere, correlationId });
    if (asked.actor.refusal !== null) return await refuseStranger(parts, asked, 'cancel');
    return await cancelRun(parts.runner, runId, asked.actor);
  } catch (error) {
    return tellError(parts.log, error, correlationId);
  }
}

/** The preview's buttons replace themselves at once, so after a failure they have to come back. */
function againReply(plan: string | null, runId: string): Partial<Reply> {
  const changes = plan === null ? [] : ((JSON.parse(plan) as { changes?: Change[] }).changes ?? []);
  return {
    changes,
    buttons: [
      { kind: 'confirm', label: 'Try again', runId },
      { kind: 'cancel', label: 'Cancel', runId },
    ],
  };
}
