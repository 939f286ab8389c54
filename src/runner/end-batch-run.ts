import { findApproval, findApprovalOfRun, lockApproval, raiseApprovalVersion } from '#db/approvals.ts';
import type { BatchRow } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import { lockRun, type RunRow, updateRun } from '#db/runs.ts';
import { renewApprovalCard } from '#src/approvals/renew-card.ts';
import { tellRequester } from '#src/approvals/tell-requester.ts';
import { recordAudit } from '#src/audit/record.ts';
import { endWords } from '#src/batches/describe.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';

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
  // In the same order as a click: the approval, then the run.
  const approval = await findApprovalOfRun(sql, batch.run_id);
  if (approval) await lockApproval(sql, approval.id);
  const run = await lockRun(sql, batch.run_id);
  if (!run) throw new Error(`Batch ${batch.id} has no run`);
  const reply = endReply(run, batch);
  const state = batch.applied > 0 ? 'done' : 'failed';
  await updateRun(sql, run.id, { state, done_at: cause.now, reply: JSON.stringify(reply) });
  const { applied, failed, skipped } = batch;
  await recordAudit(sql, cause, {
    command: run.command,
    outcome: state,
    customerId: null,
    input: JSON.parse(run.input),
    before: { state: run.state },
    after: { state, applied, failed, skipped },
  });
  if (!approval) return tellActor(sql, cause, run, reply);
  await raiseApprovalVersion(sql, approval.id);
  await renewApprovalCard(sql, settings, cause, approval.id);
  const renewed = await findApproval(sql, approval.id);
  if (renewed) await tellRequester(sql, settings, cause, renewed, reply);
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

/** Without an approval nobody asked anybody; whoever did it hears of it all the same. */
async function tellActor(sql: Sql, cause: Cause, run: RunRow, reply: Reply): Promise<void> {
  if (!run.actor_id.startsWith('slack:')) return;
  const target = `user:${run.actor_id.slice('slack:'.length)}` as const;
  await postMessage(sql, cause, { dedupeKey: `batch-end:${run.id}`, target, reply });
}
