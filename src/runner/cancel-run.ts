import { findRun, lockRun, type RunRow, updateRun } from '#db/runs.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Reply } from '#src/replies/reply.ts';
import { auditRefusal } from './audit-refusal.ts';
import { endedReply, notYours, unknownRun } from './run-ended.ts';
import type { Runner } from './runner.ts';

/**
 * Drops a preview. Dropping what was done or asked for already says so (a window that is closed late withdraws
 * nothing); dropping another's is refused, and audited.
 */
export async function cancelRun(runner: Runner, runId: string, actor: Actor): Promise<Reply> {
  const run = await findRun(runner.database.knex, runId);
  if (!run) throw unknownRun(runId);
  const surface = actor.id.startsWith('slack:') ? 'slack' : 'terminal';
  const cause: Cause = {
    actor,
    surface,
    correlationId: run.correlation_id,
    reason: run.reason,
    ticket: run.ticket,
    runId: run.id,
    now: runner.clock.now(),
  };
  return auditRefusal(runner, { name: run.command }, { cancel: runId }, cause, () =>
    dropRun(runner, run, actor),
  );
}

function dropRun(runner: Runner, { id }: RunRow, actor: Actor): Promise<Reply> {
  return inTransaction(runner.database, async (sql) => {
    const run = await lockRun(sql, id);
    if (!run) throw unknownRun(id);
    if (run.person !== actor.person) throw notYours(run);
    const ended = await endedReply(sql, runner.settings, run);
    if (ended) return ended;
    await updateRun(sql, id, { state: 'cancelled' });
    return { tone: 'info', title: 'Cancelled: nothing was changed.' };
  });
}
