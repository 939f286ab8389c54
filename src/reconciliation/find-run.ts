import type { Sql } from '#db/connection.ts';
import { findReconcileRun, listReconcileRuns, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { UserError } from '#src/core/errors.ts';

/** @throws UserError when there is no such reconciliation */
export async function requireRun(sql: Sql, id: string): Promise<ReconcileRunRow> {
  const run = await findReconcileRun(sql, id);
  if (run) return run;
  throw new UserError(
    'not_found',
    `There is no reconciliation ${id}.`,
    'Those that there are: reconcile list',
  );
}

/** The one that was named, or the last; @throws UserError when there is none */
export async function findNamedOrLast(sql: Sql, id: string | undefined): Promise<ReconcileRunRow> {
  if (id !== undefined) return requireRun(sql, id);
  const [last] = await listReconcileRuns(sql, 1);
  if (last) return last;
  throw new UserError(
    'not_found',
    'There was no reconciliation yet.',
    'Begin one: reconcile run --reason "…"',
  );
}
