import type { Sql } from '#db/connection.ts';
import { lockEntitlement } from '#db/entitlements.ts';
import { findRun, insertRun, lockRun, type RunRow, updateRun } from '#db/runs.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Actor, Surface } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import { postMessage } from '#src/outbox/post.ts';
import { authorise } from '#src/policy/authorise.ts';
import type { Reply } from '#src/replies/reply.ts';
import { auditRefusal } from './audit-refusal.ts';
import type { ChangeCommand, Outcome, Plan } from './define-command.ts';
import { previewReply } from './preview-reply.ts';
import { announcement, receiptReply } from './receipt-reply.ts';
import { contextOf, type Runner } from './runner.ts';

/** A preview rests on what was true when it was made; after an hour it is history. */
const PREVIEW_LIVES_MS = HOUR_MS;

/**
 * Carries out a planned run, exactly once however often and from wherever it is confirmed: effect, audit row, feed
 * message and the run's own end are one transaction that holds the run's row.
 */
export async function confirmRun(
  runner: Runner,
  runId: string,
  actor: Actor,
  surface: Surface,
): Promise<Reply> {
  const run = await findRun(runner.database.knex, runId);
  const command = run && runner.commands.find((candidate) => candidate.name === run.command);
  if (!run || run.state === 'draft' || !command || command.effect === 'reads') throw unknownRun(runId);
  const cause = causeOfRun(runner, run, actor, surface);
  return auditRefusal(runner, command, JSON.parse(run.input), cause, () =>
    carryOut(runner, run, command, cause),
  );
}

async function carryOut(runner: Runner, run: RunRow, command: ChangeCommand, cause: Cause): Promise<Reply> {
  const { actor } = cause;
  if (run.person !== actor.person) throw notYours(run);
  // First: somebody who lost the role must not read the receipt any more either.
  authorise(command, actor);
  const ended = endedReply(run);
  if (ended) return ended;
  if (runner.clock.now() - run.created_at > PREVIEW_LIVES_MS) {
    throw new UserError(
      'moved',
      'This preview is more than an hour old, so nothing was changed.',
      'Type the command again to see what it would do now.',
    );
  }
  const raw: unknown = JSON.parse(run.input);
  const gathered = await command.gather(raw, contextOf(runner, cause));
  const { reply, logs } = await inTransaction(runner.database, async (sql) => {
    const held = await lockRun(sql, run.id);
    const already = held && endedReply(held);
    if (already) return { reply: already, logs: [] };
    // All who change one customer follow each other from here on, so that the plan still holds when it is carried out.
    if (run.customer_id) await lockEntitlement(sql, run.customer_id);
    const context = contextOf(runner, cause, sql);
    const prepared = await command.prepare(raw, context, gathered);
    if (fingerprint(prepared.plan.basis) !== run.basis) {
      const renewed = await renewRun(sql, run, prepared.plan, cause.now);
      return {
        reply: movedReply(run, previewReply(prepared.plan, cause, renewed, prepared.plan.warnings ?? [])),
        logs: [],
      };
    }
    const outcome = await prepared.execute(context);
    return { reply: await writeDown(sql, command, run, cause, outcome), logs: outcome.logs ?? [] };
  });
  for (const line of logs)
    runner.log.info(
      { correlationId: cause.correlationId, actor: actor.id, run: run.id, ...line },
      line.event,
    );
  return reply;
}

/** Drops a preview. Dropping what was done already says so; dropping another's is refused, and audited. */
export async function cancelRun(runner: Runner, runId: string, actor: Actor): Promise<Reply> {
  const run = await findRun(runner.database.knex, runId);
  if (!run) throw unknownRun(runId);
  const cause = causeOfRun(runner, run, actor, actor.id.startsWith('slack:') ? 'slack' : 'terminal');
  return auditRefusal(runner, { name: run.command }, { cancel: runId }, cause, () =>
    dropRun(runner, runId, actor),
  );
}

function dropRun(runner: Runner, runId: string, actor: Actor): Promise<Reply> {
  return inTransaction(runner.database, async (sql) => {
    const run = await lockRun(sql, runId);
    if (!run) throw unknownRun(runId);
    if (run.person !== actor.person) throw notYours(run);
    const ended = endedReply(run);
    if (ended) return ended;
    await updateRun(sql, runId, { state: 'cancelled' });
    return { tone: 'info', title: 'Cancelled: nothing was changed.' };
  });
}

/**
 * The changed plan becomes a run of its own, and the old one ends. Were it the same run, the second half of a double
 * click would confirm what nobody has read yet.
 */
async function renewRun(sql: Sql, run: RunRow, plan: Plan<unknown>, now: number): Promise<string> {
  const id = newId('run', now);
  await updateRun(sql, run.id, { state: 'cancelled', key: null });
  await insertRun(sql, {
    ...run,
    id,
    plan: JSON.stringify({ title: plan.title, changes: plan.changes }),
    basis: fingerprint(plan.basis),
    customer_id: plan.customerId,
    created_at: now,
  });
  return id;
}

async function writeDown(
  sql: Sql,
  command: ChangeCommand,
  run: RunRow,
  cause: Cause,
  outcome: Outcome,
): Promise<Reply> {
  const reply = receiptReply(command, run, cause, outcome);
  await recordAudit(sql, cause, {
    command: command.name,
    outcome: 'done',
    customerId: outcome.customerId,
    input: JSON.parse(run.input),
    before: outcome.before,
    after: outcome.after,
  });
  await postMessage(sql, cause, {
    dedupeKey: `run:${run.id}`,
    target: 'entitlements',
    reply: announcement(command, run, cause, outcome),
  });
  await updateRun(sql, run.id, {
    state: 'done',
    done_at: cause.now,
    reply: JSON.stringify(reply),
    customer_id: outcome.customerId,
    undo_line: outcome.undo.line,
  });
  return reply;
}

function causeOfRun(runner: Runner, run: RunRow, actor: Actor, surface: Surface): Cause {
  return {
    actor,
    surface,
    correlationId: run.correlation_id,
    reason: run.reason,
    ticket: run.ticket,
    runId: run.id,
    now: runner.clock.now(),
  };
}

function endedReply(run: RunRow): Reply | null {
  if (run.state === 'cancelled') {
    return {
      tone: 'info',
      title: 'This preview was cancelled or replaced by a newer one, so nothing was changed by it.',
      hint: 'Type the command again if you want it after all.',
    };
  }
  if (run.state !== 'done' || !run.reply) return null;
  return {
    ...(JSON.parse(run.reply) as Reply),
    warnings: ['This was already done; nothing was done again.'],
  };
}

function movedReply(run: RunRow, fresh: Reply): Reply {
  const before: { changes?: { label: string; before: string; after: string }[] } = run.plan
    ? JSON.parse(run.plan)
    : {};
  const shown = (before.changes ?? [])
    .map((change) => `${change.label} ${change.before} → ${change.after}`)
    .join(', ');
  return {
    ...fresh,
    tone: 'warning',
    warnings: [
      `Something changed since the preview${shown ? ` (it said: ${shown})` : ''}. Nothing was done; look again and confirm if it is still right.`,
    ],
  };
}

function unknownRun(runId: string): UserError {
  return new UserError('not_found', `There is no run ${runId} to confirm.`, 'Type the command again.');
}

function notYours(run: RunRow): UserError {
  return new UserError(
    'refused',
    `This preview belongs to ${run.actor_name}; only they can confirm or cancel it.`,
    'Type the command yourself to get your own preview.',
  );
}
