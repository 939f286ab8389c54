import { findReconcileRun, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import type { ReconcileDeps } from './deps.ts';

const EVERY_MS = 2 * SECOND_MS;

/** Whether those who read go on: now and then one of them looks around, and the others read on meanwhile. */
export function lookingAround(
  { clock, database }: ReconcileDeps,
  run: ReconcileRunRow,
  asked: { mayStay(): boolean | Promise<boolean>; signal: AbortSignal | undefined },
): () => Promise<boolean> {
  let until = clock.now() + EVERY_MS;
  let isOver = false;
  return async () => {
    if (isOver || asked.signal?.aborted) return false;
    if (clock.now() < until) return true;
    until = Number.POSITIVE_INFINITY;
    const isOpen = async () => (await findReconcileRun(database.knex, run.id))?.ended_at === null;
    isOver = !((await asked.mayStay()) && (await isOpen()));
    until = clock.now() + EVERY_MS;
    return !isOver;
  };
}
