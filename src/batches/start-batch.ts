import { insertBatchLines } from '#db/batch-rows.ts';
import { type BatchRow, insertBatch } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import type { BadLine } from './bad-line.ts';
import { renewBatchCard } from './batch-card.ts';
import { keepCause } from './kept-cause.ts';

/** A line to carry out: `input` is what its kind of batch reads. */
export type PlannedLine = { line: number; email: string; customerId: string | null; input: unknown };

/**
 * Writes a batch down, in the transaction that decides it; whoever takes its lease carries it out afterwards, each line
 * once. Lines that are left out are written down, too, with why.
 */
export async function startBatch(
  sql: Sql,
  cause: Cause,
  planned: {
    command: string;
    fileId: string | null;
    subject: string;
    lines: readonly PlannedLine[];
    bad: readonly BadLine[];
  },
): Promise<BatchRow> {
  if (cause.runId === null) throw new Error('A batch is carried out by a run');
  const skipped = onePerLine(planned.bad);
  const batch: BatchRow = {
    id: newId('bat', cause.now),
    run_id: cause.runId,
    command: planned.command,
    file_id: planned.fileId,
    subject: planned.subject,
    state: 'running',
    total: planned.lines.length + skipped.length,
    applied: 0,
    failed: 0,
    skipped: skipped.length,
    version: 1,
    cause: keepCause(cause),
    lease_token: null,
    lease_until: null,
    correlation_id: cause.correlationId,
    created_at: cause.now,
    ended_at: null,
  };
  await insertBatch(sql, batch);
  const nothingYet = { batch_id: batch.id, entry_id: null };
  await insertBatchLines(sql, [
    ...planned.lines.map(({ line, email, customerId, input }) => ({
      ...nothingYet,
      line,
      state: 'pending' as const,
      email,
      input: JSON.stringify(input),
      customer_id: customerId,
      result: null,
      ended_at: null,
    })),
    // The row says that the line was left out and why; what else stood in it may be anything, and is nobody's to keep.
    ...skipped.map(({ line, problem }) => ({
      ...nothingYet,
      line,
      state: 'skipped' as const,
      email: '',
      input: '{}',
      customer_id: null,
      result: `Left out: ${problem}`,
      ended_at: cause.now,
    })),
  ]);
  await renewBatchCard(sql, cause, batch);
  return batch;
}

function onePerLine(bad: readonly BadLine[]): BadLine[] {
  return [...new Map(bad.toReversed().map((line) => [line.line, line])).values()].toReversed();
}
