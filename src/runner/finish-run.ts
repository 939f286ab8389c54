import type { Sql } from '#db/connection.ts';
import { type RunRow, updateRun } from '#db/runs.ts';
import { recordAudit } from '#src/audit/record.ts';
import { noteRun } from '#src/incidents/note-run.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { ChangeCommand, CommandContext, Outcome, Prepared } from './define-command.ts';
import { countPlan } from './judge-plan.ts';
import { announcement, receiptReply } from './receipt-reply.ts';

export type Finished = { reply: Reply; logs: NonNullable<Outcome['logs']> };

/**
 * Does what a plan says, and writes all of it down in the same transaction: effect, audit row, today's counters, the
 * feed's message and the run's own end. What has to be confirmed by Stripe is on its way only, and told when it is there.
 */
export async function finishRun(
  sql: Sql,
  context: CommandContext,
  command: ChangeCommand,
  run: RunRow,
  prepared: Prepared,
): Promise<Finished> {
  const { cause } = context;
  const outcome = await prepared.execute(context);
  await countPlan(sql, context, command, prepared.plan, run.actor_id);
  const reply = receiptReply(command, run, cause, outcome);
  await recordAudit(sql, cause, {
    command: command.name,
    outcome: 'done',
    customerId: outcome.customerId,
    input: JSON.parse(run.input),
    before: outcome.before,
    after: outcome.after,
  });
  if (!outcome.isOnItsWay && !outcome.isQuiet) {
    await postMessage(sql, cause, {
      dedupeKey: `run:${run.id}`,
      target: 'entitlements',
      reply: announcement(command, run, cause, outcome),
    });
  }
  if (!outcome.isInTimeline && !outcome.isQuiet) await noteRun(sql, cause, run, outcome.title);
  await updateRun(sql, run.id, {
    state: outcome.isOnItsWay ? 'carrying' : 'done',
    done_at: outcome.isOnItsWay ? null : cause.now,
    reply: JSON.stringify(reply),
    customer_id: outcome.customerId,
    undo_line: outcome.undo.line,
  });
  return { reply, logs: outcome.logs ?? [] };
}
