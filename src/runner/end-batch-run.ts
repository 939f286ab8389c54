import type { BatchRow } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import type { RunRow } from '#db/runs.ts';
import { endWords } from '#src/batches/describe.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';
import { endRun } from './end-run.ts';

/**
 * The last line of a batch has ended, and so does its run: done when anything of it was, failed when nothing was. Runs in
 * the transaction of that last line; the card of the batch tells the channel.
 */
export async function endBatchRun(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  batch: BatchRow,
): Promise<void> {
  const { applied, failed, skipped } = batch;
  await endRun(sql, settings, cause, batch.run_id, {
    state: applied > 0 ? 'done' : 'failed',
    after: { applied, failed, skipped },
    reply: (run) => endReply(run, batch),
  });
}

/** The receipt, with what became of the lines. */
function endReply(run: RunRow, batch: BatchRow): Reply {
  const { follow: _follow, ...begun } = readReply(run.reply) ?? { tone: 'done', title: '' };
  const title = `${endWords(batch)}.`;
  const [, ...rest] = begun.paste?.split('\n') ?? [];
  return {
    ...begun,
    tone: batch.failed > 0 || batch.applied === 0 ? 'warning' : 'done',
    title,
    ...(batch.failed > 0
      ? {
          hint: 'What failed and why, line by line, is in “Every line”; correct it, and import those lines alone.',
        }
      : {}),
    ...(begun.paste ? { paste: [title, ...rest].join('\n') } : {}),
    buttons: [
      { kind: 'command', label: 'Every line', line: `batch show ${run.id} --csv` },
      ...(batch.applied > 0 ? (begun.buttons ?? []).filter(isUndo) : []),
    ],
    correlationId: run.correlation_id,
    json: {
      ...(begun.json as Record<string, unknown> | undefined),
      done: batch.applied > 0,
      title: endWords(batch),
      applied: batch.applied,
      failed: batch.failed,
      skipped: batch.skipped,
    },
  };
}

function isUndo(button: NonNullable<Reply['buttons']>[number]): boolean {
  return button.kind === 'command' && button.line.startsWith('undo ');
}
