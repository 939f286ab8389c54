import type { Sql } from '#db/connection.ts';
import { findLastRun, type ReconcileRunRow, updateReconcileRun } from '#db/reconcile-runs.ts';
import { reopenShards } from '#db/reconcile-shards.ts';
import { reopenSuspects } from '#db/reconcile-suspects.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { INTERRUPTED_MAX_MS } from './finish.ts';

/**
 * The run that can go on: the last one, when it is open or failed lately.
 *
 * @throws UserError when there is none
 */
export async function requireResumable(sql: Sql, mode: string, now: number): Promise<ReconcileRunRow> {
  const run = await findLastRun(sql, mode);
  const isOpen = run && ['running', 'waiting', 'failed'].includes(run.state);
  if (run && isOpen && now - run.progress_at <= INTERRUPTED_MAX_MS) return run;
  throw new UserError(
    'not_found',
    run && isOpen
      ? `Reconciliation ${run.id} stood still for more than 24 hours, so what it saw is too old.`
      : 'There is no reconciliation that was left unfinished.',
    'Begin a new one: reconcile run --reason "…"',
  );
}

/** Goes on at the page at which it stopped. */
export async function resumeRun(sql: Sql, cause: Cause, run: ReconcileRunRow): Promise<ReconcileRunRow> {
  const patch = { state: 'running' as const, ended_at: null, error: null, progress_at: cause.now };
  await updateReconcileRun(sql, run.id, patch);
  await reopenShards(sql, run.id);
  await reopenSuspects(sql, run.id);
  return { ...run, ...patch };
}
