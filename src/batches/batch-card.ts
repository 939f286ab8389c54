import { listBatchLines } from '#db/batch-rows.ts';
import { type BatchRow, findBatch } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import { clamp } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply, Section } from '#src/replies/reply.ts';
import { endWords, progressWords } from './describe.ts';
import { causeOfBatch } from './kept-cause.ts';

const SHOWN = 10;

/** How a batch goes, from its rows alone. */
export async function batchCard(
  sql: Sql,
  batchId: string,
): Promise<{ reply: Reply; version: number } | null> {
  const batch = await findBatch(sql, batchId);
  if (!batch) return null;
  const { actor, reason } = causeOfBatch(batch, batch.created_at);
  const isDone = batch.state === 'done';
  return {
    version: batch.version,
    reply: {
      tone: !isDone ? 'sending' : batch.failed > 0 ? 'warning' : 'done',
      title: `${actor.name}’s ${batch.command}: ${isDone ? endWords(batch) : progressWords(batch)}.`,
      facts: [
        ...(reason ? [{ label: 'Why', value: reason }] : []),
        { label: 'Run', value: { code: batch.run_id } },
      ],
      sections: await failedSection(sql, batch),
      correlationId: batch.correlation_id,
      buttons: [{ kind: 'command', label: 'Every line', line: `batch show ${batch.run_id} --csv` }],
    },
  };
}

async function failedSection(sql: Sql, batch: BatchRow): Promise<Section[]> {
  if (batch.failed === 0) return [];
  const failed = await listBatchLines(sql, batch.id, { states: ['failed'], limit: SHOWN });
  return [
    {
      heading: batch.failed > SHOWN ? `The first ${SHOWN} of ${batch.failed} that failed` : 'Failed',
      table: {
        columns: ['Line', 'Customer', 'Why'],
        rows: failed.map(({ line, email, result }) => [String(line), email, clamp(result ?? '', 200)]),
      },
    },
  ];
}

/** Brings the message up to date, in the transaction of what changed. */
export async function renewBatchCard(sql: Sql, cause: Cause, { id }: BatchRow): Promise<void> {
  const card = await batchCard(sql, id);
  if (!card) throw new Error(`Batch ${id} has no row to make a card of`);
  await renewCard(sql, cause, { key: `batch:${id}`, target: 'entitlements', ...card });
}
