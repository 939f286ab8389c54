import { sumGrantedAndLeft } from '#db/batch-lots.ts';
import { listBatchLines } from '#db/batch-rows.ts';
import { type BatchRow, findBatchOfRun, findRunningReversal } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import { UserError } from '#src/core/errors.ts';
import type { PlannedLine } from './start-batch.ts';

export type PlannedReversals = {
  batch: BatchRow;
  lines: PlannedLine[];
  /** Credits that the import brought, the most of one customer, and what is left of all. */
  granted: number;
  largest: number;
  left: number;
};

/** @throws UserError when the run imported nothing, is not at its end, or nothing of it is left */
export async function planReversals(sql: Sql, runId: string): Promise<PlannedReversals> {
  const batch = await findBatchOfRun(sql, runId);
  if (!batch || batch.command === 'credits unimport') {
    const message = `${runId} is no import.`;
    throw new UserError('not_found', message, 'The run stands on the receipt of the import.', {
      run: message,
    });
  }
  if (batch.state === 'running') {
    throw new UserError(
      'conflict',
      `${runId} is not at its end yet, so nothing was taken back.`,
      `See how far it is: batch show ${runId}`,
      { run: 'It is not at its end yet.' },
    );
  }
  const running = await findRunningReversal(sql, batch.id);
  if (running) {
    throw new UserError(
      'conflict',
      `${running.run_id} is taking this import back just now.`,
      `See how far it is: batch show ${running.run_id}`,
    );
  }
  const { granted, left, largest } = await sumGrantedAndLeft(sql, batch.id);
  if (left === 0) {
    throw new UserError(
      'conflict',
      `Nothing of ${runId} can be taken back any more: it is spent, lapsed or taken back already.`,
      `Look at every line: batch show ${runId} --csv`,
      { run: 'Nothing of it can be taken back any more.' },
    );
  }
  const applied = await listBatchLines(sql, batch.id, { states: ['applied'] });
  const lines = applied.flatMap(({ line, email, customer_id: customerId, entry_id: entryId }) =>
    entryId === null ? [] : [{ line, email, customerId, input: { entryId, import: batch.id } }],
  );
  return { batch, lines, granted, largest, left };
}
