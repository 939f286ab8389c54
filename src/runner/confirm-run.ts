import type { Sql } from '#db/connection.ts';
import { lockEntitlement } from '#db/entitlements.ts';
import { findRun, insertRun, lockRun, type RunRow, updateRun } from '#db/runs.ts';
import { inTransaction } from '#db/transaction.ts';
import { keepPlan, readShownPlan } from '#src/approvals/shown-plan.ts';
import type { Actor, Surface } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import { requireNoMaintenance } from '#src/maintenance/require-open.ts';
import { authorise } from '#src/policy/authorise.ts';
import { type Place, placeOf } from '#src/policy/place.ts';
import type { Reply } from '#src/replies/reply.ts';
import { askApproval } from './ask-approval.ts';
import { auditRefusal } from './audit-refusal.ts';
import type { ChangeCommand, Plan } from './define-command.ts';
import { type Finished, finishRun } from './finish-run.ts';
import { judgePlan } from './judge-plan.ts';
import { previewReply } from './preview-reply.ts';
import { endedReply, notYours, unknownRun } from './run-ended.ts';
import { contextOf, type Runner } from './runner.ts';

/** A preview rests on what was true when it was made; after an hour it is history. */
const PREVIEW_LIVES_MS = HOUR_MS;

/**
 * Carries out a planned run, or asks for the approval that it needs, exactly once however often and from wherever it
 * is confirmed: effect, audit row, feed message and the run's own end are one transaction that holds the run's row.
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
  authorise(runner.settings, command, actor, placeOfRun(run, cause));
  const ended = await endedReply(runner.database.knex, runner.settings, run);
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
  const { reply, logs } = await inTransaction(runner.database, (sql) =>
    confirmHeld(sql, runner, run, command, cause, raw, gathered),
  );
  for (const line of logs)
    runner.log.info(
      { correlationId: cause.correlationId, actor: actor.id, run: run.id, ...line },
      line.event,
    );
  return reply;
}

/** Where the run was asked for, if it is confirmed through Slack; the terminal is bound to no channel. */
function placeOfRun(run: RunRow, { surface }: Cause): Place | null {
  return placeOf(surface, run.origin && JSON.parse(run.origin));
}

async function confirmHeld(
  sql: Sql,
  runner: Runner,
  run: RunRow,
  command: ChangeCommand,
  asked: Cause,
  raw: unknown,
  gathered: unknown,
): Promise<Finished> {
  const held = await lockRun(sql, run.id);
  const already = held && (await endedReply(sql, runner.settings, held));
  if (already) return { reply: already, logs: [] };
  await requireNoMaintenance(sql, command.name, asked.now);
  // All who change one customer follow each other from here on, so that the plan still holds when it is carried out.
  if (run.customer_id) await lockEntitlement(sql, run.customer_id);
  const context = contextOf(runner, asked, sql);
  const prepared = await command.prepare(raw, context, gathered);
  const { plan } = prepared;
  const ruling = await judgePlan(context, command, plan, asked.actor, {
    isHeld: true,
    place: placeOfRun(run, asked),
  });
  if (fingerprint(plan.basis) !== run.basis) {
    const renewed = await renewRun(sql, run, plan, asked.now);
    const preview = previewReply(plan, asked, renewed, { warnings: plan.warnings ?? [], ruling });
    return { reply: movedReply(run, preview), logs: [] };
  }
  if (ruling.kind === 'approval')
    return { reply: await askApproval(sql, context, run, plan, ruling.verdict), logs: [] };
  const cause = ruling.glass ? { ...asked, breakGlass: ruling.glass.id } : asked;
  return finishRun(sql, { ...context, cause }, command, run, prepared);
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
    plan: keepPlan(plan),
    basis: fingerprint(plan.basis),
    customer_id: plan.customerId,
    created_at: now,
  });
  return id;
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

function movedReply(run: RunRow, fresh: Reply): Reply {
  const shown = readShownPlan(run.plan)
    .changes.map((change) => `${change.label} ${change.before} → ${change.after}`)
    .join(', ');
  return {
    ...fresh,
    tone: 'warning',
    warnings: [
      `Something changed since the preview${shown ? ` (it said: ${shown})` : ''}. Nothing was done; look again and confirm if it is still right.`,
    ],
  };
}
