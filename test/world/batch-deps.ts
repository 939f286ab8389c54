import type { BatchDeps } from '#src/batches/deps.ts';
import { endBatchRun } from '#src/runner/end-batch-run.ts';
import type { Runner } from '#src/runner/runner.ts';

/** What carries batches, as the program wires it. */
export function batchDepsOf({ database, settings, mode, clock, log }: Runner): BatchDeps {
  return {
    database,
    settings,
    mode,
    clock,
    log,
    onEnd: (sql, cause, batch) => endBatchRun(sql, settings, cause, batch),
  };
}
