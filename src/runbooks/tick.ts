import type { Sql } from '#db/connection.ts';
import { type RunbookRunRow, updateRunbookRun } from '#db/runbook-runs.ts';
import { listRunbookSteps, type RunbookStepRow, updateRunbookStep } from '#db/runbook-steps.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { endIfDone } from './apply-evidence.ts';
import { renewRunbookCard } from './card.ts';
import { holdOpenRun } from './find-run.ts';

/** @throws UserError when there is no such step */
export async function findStep(sql: Sql, run: RunbookRunRow, number: number): Promise<RunbookStepRow> {
  const steps = await listRunbookSteps(sql, run.id);
  const step = steps.find(({ seq }) => seq === number);
  if (step) return step;
  throw new UserError(
    'not_found',
    `This runbook has no step ${number}.`,
    `Give a number from 1 to ${steps.length}.`,
    {
      step: `There are ${steps.length} steps.`,
    },
  );
}

/** Ticks a step by hand; whether that was the last one. */
export async function tickStep(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { runId, number }: { runId: string; number: number },
): Promise<{ isDone: boolean }> {
  const run = await holdOpenRun(sql, runId);
  const step = await findStep(sql, run, number);
  requireUnticked(step);
  await updateRunbookStep(sql, step, {
    ticked_at: cause.now,
    ticked_name: cause.actor.name,
    ticked_by: 'hand',
    note: cause.reason,
  });
  const isDone = await endIfDone(sql, cause, run);
  await renewRunbookCard(sql, settings, cause, runId);
  return { isDone };
}

/** Takes a tick back that somebody made by hand. */
export async function untickStep(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { runId, number }: { runId: string; number: number },
): Promise<void> {
  const run = await holdOpenRun(sql, runId);
  const step = await findStep(sql, run, number);
  requireTickedByHand(step);
  await updateRunbookStep(sql, step, { ticked_at: null, ticked_name: null, ticked_by: null, note: null });
  await updateRunbookRun(sql, run, {});
  await renewRunbookCard(sql, settings, cause, runId);
}

export function requireUnticked({ seq, ticked_at, ticked_name }: RunbookStepRow): void {
  if (ticked_at === null) return;
  throw new UserError(
    'conflict',
    `Step ${seq} was ticked already by ${ticked_name}, so nothing was changed.`,
    'Go on with the next one.',
  );
}

export function requireTickedByHand({ seq, ticked_by }: RunbookStepRow): void {
  if (ticked_by === 'hand') return;
  throw new UserError(
    'conflict',
    ticked_by === null
      ? `Step ${seq} is not ticked.`
      : `Step ${seq} was ticked by what happened, not by hand.`,
    'Nothing has to be taken back.',
  );
}
