import type { BatchLineRow } from '#db/batch-rows.ts';
import type { BatchRow } from '#db/batches.ts';
import { isoTime } from '#src/core/clock.ts';
import { clamp } from '#src/core/text.ts';
import { csvLine } from '#src/replies/csv.ts';
import type { Reply } from '#src/replies/reply.ts';
import { endWords, progressWords } from './describe.ts';
import { causeOfBatch } from './kept-cause.ts';

/** How far a batch is, with the first of the lines that nothing came of. */
export function describeBatch(batch: BatchRow, troubled: readonly BatchLineRow[]): Reply {
  const { actor, reason } = causeOfBatch(batch, batch.created_at);
  const isDone = batch.state === 'done';
  return {
    tone: 'info',
    title: isDone ? `${endWords(batch)}.` : `${progressWords(batch)}.`,
    facts: [
      { label: 'Command', value: { code: batch.command } },
      { label: 'Who', value: actor.name },
      ...(reason ? [{ label: 'Why', value: reason }] : []),
      { label: 'Begun', value: { at: batch.created_at } },
      ...(batch.ended_at === null ? [] : [{ label: 'Ended', value: { at: batch.ended_at } }]),
      { label: 'Run', value: { code: batch.run_id } },
    ],
    sections: [
      {
        heading: 'Lines that nothing came of',
        table: {
          columns: ['Line', 'Customer', 'Why'],
          rows: troubled.map(({ line, email, result }) => [String(line), email, clamp(result ?? '', 200)]),
        },
        empty: 'None.',
      },
    ],
    ...(isDone ? {} : { hint: 'It goes on by itself; look again in a moment.' }),
    json: {
      run: batch.run_id,
      command: batch.command,
      state: batch.state,
      total: batch.total,
      applied: batch.applied,
      failed: batch.failed,
      skipped: batch.skipped,
    },
  };
}

/** What became of every line, in the order of the file. */
export function linesCsv(lines: readonly BatchLineRow[]): string {
  const rows = lines.map((line) =>
    csvLine([
      line.line,
      line.email,
      line.state,
      line.result,
      line.entry_id,
      line.customer_id,
      line.ended_at === null ? null : isoTime(line.ended_at),
    ]),
  );
  return [csvLine(['line', 'email', 'state', 'result', 'ledger_entry', 'customer_id', 'at']), ...rows].join(
    '',
  );
}
