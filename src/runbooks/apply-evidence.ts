import type { Sql } from '#db/connection.ts';
import { type RunbookRunRow, updateRunbookRun } from '#db/runbook-runs.ts';
import { listRunbookSteps, type RunbookStepRow, updateRunbookStep } from '#db/runbook-steps.ts';
import type { Verdict } from '#src/checklists/verdict.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { lasting } from './evidence.ts';
import { lookAtStep } from './look.ts';
import type { Step } from './procedure.ts';
import { findProcedure } from './procedures.ts';
import { tellDone } from './tell-done.ts';

type News = { row: RunbookStepRow; patch: Partial<RunbookStepRow> };

/** What the evidence says of the open steps that their rows do not say yet. */
export async function readNews(
  sql: Sql,
  settings: Settings,
  run: RunbookRunRow,
  now: number,
): Promise<News[]> {
  const procedure = findProcedure(run.runbook);
  const news: News[] = [];
  for (const row of await listRunbookSteps(sql, run.id)) {
    const step = procedure?.steps.find(({ key }) => key === row.key);
    if (!step || (row.ticked_at !== null && !mayOpenAgain(step, row))) continue;
    const verdict = await lookAtStep(sql, settings, run, step, now);
    const patch = verdict && patchOf(row, verdict);
    if (patch) news.push({ row, patch });
  }
  return news;
}

/** What was true once and may not be any more, such as what the customer sees after one fix and before the next. */
function mayOpenAgain({ ticksBy }: Step, row: RunbookStepRow): boolean {
  return (
    row.ticked_by === 'evidence' &&
    ticksBy !== undefined &&
    'evidence' in ticksBy &&
    lasting.has(ticksBy.evidence)
  );
}

/** Null when the row says it already. */
function patchOf(row: RunbookStepRow, verdict: Verdict): Partial<RunbookStepRow> | null {
  if (verdict.kind === 'ticked') {
    const { by, at, note } = verdict;
    return row.ticked_at === null ? { ticked_at: at, ticked_name: by, ticked_by: 'evidence', note } : null;
  }
  if (row.ticked_at === null && verdict.why === row.note) return null;
  return { ticked_at: null, ticked_name: null, ticked_by: null, note: verdict.why };
}

/**
 * Ticks every open step that the evidence shows to be done, and says of the others why not; the caller holds the run
 * and renews its card when this returns true.
 */
export async function applyEvidence(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  run: RunbookRunRow,
): Promise<boolean> {
  const news = await readNews(sql, settings, run, cause.now);
  if (news.length === 0) return false;
  for (const { row, patch } of news) await updateRunbookStep(sql, row, patch);
  await endIfDone(sql, cause, run);
  return true;
}

/** All ticked: it has ended. Raises the version in any case, because something of the card changed. */
export async function endIfDone(sql: Sql, cause: Cause, run: RunbookRunRow): Promise<boolean> {
  const steps = await listRunbookSteps(sql, run.id);
  const isDone = steps.every(({ ticked_at }) => ticked_at !== null);
  await updateRunbookRun(
    sql,
    run,
    isDone ? { state: 'done', ended_at: cause.now, ended_name: cause.actor.name } : {},
  );
  if (isDone) await tellDone(sql, cause, run);
  return isDone;
}
