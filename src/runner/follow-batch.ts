import { findRun } from '#db/runs.ts';
import { finishBatch } from '#src/batches/carry-batch.ts';
import { progressWords } from '#src/batches/describe.ts';
import type { Progress } from '#src/replies/progress.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';
import { endBatchRun } from './end-batch-run.ts';
import type { Runner } from './runner.ts';

/** Carries a batch out in this process, to its end or until it is interrupted. Returns the receipt. */
export async function followBatch(
  runner: Omit<Runner, 'follow'>,
  batchId: string,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Reply | null> {
  const { database, settings, mode, clock, log } = runner;
  const deps = {
    database,
    settings,
    mode,
    clock,
    log,
    onEnd: (...[sql, cause, ended]: Parameters<Parameters<typeof finishBatch>[0]['onEnd']>) =>
      endBatchRun(sql, settings, cause, ended),
  };
  const batch = await finishBatch(deps, batchId, signal, (now) => {
    const done = now.applied + now.failed + now.skipped;
    report({ done, total: now.total, words: progressWords(now) });
  });
  const begun = readReply((await findRun(database.knex, batch.run_id))?.reply ?? null);
  if (batch.state === 'done' || !begun) return begun;
  const { buttons: _buttons, ...rest } = begun;
  return {
    ...rest,
    tone: 'warning',
    title: `Interrupted: ${progressWords(batch)}. What is done stays done.`,
    hint: 'It goes on by itself where Lucy’s service runs; else type the same line with the same --idempotency-key.',
    json: { ...(begun.json as object | undefined), interrupted: true },
  };
}
