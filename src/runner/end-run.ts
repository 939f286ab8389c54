import { findApproval, findApprovalOfRun, lockApproval, raiseApprovalVersion } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { lockRun, type RunRow, updateRun } from '#db/runs.ts';
import { renewApprovalCard } from '#src/approvals/renew-card.ts';
import { tellRequester } from '#src/approvals/tell-requester.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { noteRun } from '#src/incidents/note-run.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';

/**
 * What a run began has come to its end, and so does the run: its receipt, its audit row, its approval's card, the open
 * incidents, and whoever asked are told, in the transaction of that end.
 *
 * @param end.reply the receipt as it reads now, from the run as it was
 * @param end.told what of it is told, where that is less
 * @param end.key what ended it, for a run that can end more than once
 */
export async function endRun(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  runId: string,
  end: {
    state: 'done' | 'failed';
    reply(run: RunRow): Reply;
    told?: (reply: Reply) => Reply;
    after: Record<string, unknown>;
    key?: string;
  },
): Promise<void> {
  // In the same order as a click: the approval, then the run.
  const approval = await findApprovalOfRun(sql, runId);
  if (approval) await lockApproval(sql, approval.id);
  const run = await lockRun(sql, runId);
  if (!run) throw new Error(`There is no run ${runId}`);
  const reply = end.reply(run);
  await updateRun(sql, run.id, { state: end.state, done_at: cause.now, reply: JSON.stringify(reply) });
  await recordAudit(sql, cause, {
    command: run.command,
    outcome: end.state,
    customerId: run.customer_id,
    input: JSON.parse(run.input),
    before: { state: run.state },
    after: { state: end.state, ...end.after },
  });
  await noteRun(sql, cause, run, reply.title);
  const told = end.told?.(reply) ?? reply;
  if (!approval) return tellActor(sql, cause, run, told, end.key);
  await raiseApprovalVersion(sql, approval.id);
  await renewApprovalCard(sql, settings, cause, approval.id);
  const renewed = await findApproval(sql, approval.id);
  if (renewed) await tellRequester(sql, settings, cause, renewed, told);
}

/** Without an approval nobody asked anybody; whoever did it hears of it all the same. */
async function tellActor(
  sql: Sql,
  cause: Cause,
  run: RunRow,
  reply: Reply,
  key: string | undefined,
): Promise<void> {
  if (!run.actor_id.startsWith('slack:')) return;
  const target = `user:${run.actor_id.slice('slack:'.length)}` as const;
  const dedupeKey = key ? `run-end:${run.id}:${key}` : `run-end:${run.id}`;
  await postMessage(sql, cause, { dedupeKey, target, reply });
}
