import { findRecentEqualRun, findRunByKey, insertRun, type RunRow } from '#db/runs.ts';
import { keepPlan } from '#src/approvals/shown-plan.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { canonicalJson, fingerprint } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import { counted } from '#src/core/text.ts';
import { requireNoMaintenance } from '#src/maintenance/require-open.ts';
import { authorise } from '#src/policy/authorise.ts';
import { placeOf } from '#src/policy/place.ts';
import type { Reply } from '#src/replies/reply.ts';
import { auditRefusal } from './audit-refusal.ts';
import type { ChangeCommand, Plan } from './define-command.ts';
import { judgePlan } from './judge-plan.ts';
import { previewReply } from './preview-reply.ts';
import { endedReply } from './run-ended.ts';
import { causeOf, contextOf, type Request, type Runner } from './runner.ts';
import { withoutOthersButtons } from './who-else.ts';

export type Started =
  /** A lookup: here is the answer. */
  | { kind: 'answer'; reply: Reply }
  /** A change: planned and shown, waiting for its confirmation. */
  | { kind: 'preview'; reply: Reply; runId: string }
  /** The same key again: here is what became of it. Its state says what became of it. */
  | { kind: 'repeat'; reply: Reply; runId: string; state: RunRow['state'] };

/** Takes a request as far as it goes without changing anything: authorise, parse, plan, write the run down, preview. */
export async function startRun(runner: Runner, request: Request): Promise<Started> {
  return auditRefusal(runner, request.command, request.raw, causeOf(runner, request, null), () =>
    takeRequest(runner, request),
  );
}

async function takeRequest(runner: Runner, request: Request): Promise<Started> {
  const { command } = request;
  authoriseRequest(runner, request);
  if (command.effect === 'reads') {
    const { progress } = request;
    const context = {
      ...contextOf(runner, causeOf(runner, request, null)),
      ...(progress ? { progress } : {}),
    };
    const reply = await command.answer(request.raw, context);
    return { kind: 'answer', reply: withoutOthersButtons(runner, request.actor, reply) };
  }
  const repeated = request.key ? await findRunByKey(runner.database.knex, request.key) : undefined;
  if (repeated) return repeatOf(runner, request, repeated);
  await requireNoMaintenance(runner.database.knex, command.name, runner.clock.now());
  return planRun(runner, request, command);
}

/** Plans without writing anything down: `--dry-run`. */
export async function dryRun(runner: Runner, request: Request): Promise<Reply> {
  const cause = causeOf(runner, request, null);
  return auditRefusal(runner, request.command, request.raw, cause, () => rehearse(runner, request, cause));
}

async function rehearse(runner: Runner, request: Request, cause: Cause): Promise<Reply> {
  authoriseRequest(runner, request);
  if (request.command.effect === 'reads')
    throw new UserError('usage', 'A lookup changes nothing anyway.', 'Leave --dry-run out.');
  const context = contextOf(runner, cause);
  const gathered = await request.command.gather(request.raw, context);
  const { plan } = await request.command.prepare(request.raw, context, gathered);
  const ruling = await judgePlan(context, request.command, plan, request.actor, unheld(request));
  const said = { warnings: await warnings(runner, request, plan, ''), ruling };
  return { ...previewReply(plan, cause, null, said), buttons: [] };
}

async function planRun(runner: Runner, request: Request, command: ChangeCommand): Promise<Started> {
  const runId = newId('run', runner.clock.now());
  const cause = causeOf(runner, request, runId);
  const context = contextOf(runner, cause);
  const gathered = await command.gather(request.raw, context);
  const { plan } = await command.prepare(request.raw, context, gathered);
  const ruling = await judgePlan(context, command, plan, request.actor, unheld(request));
  const said = { warnings: await warnings(runner, request, plan, runId), ruling };
  const reply = previewReply(plan, cause, runId, said);
  const isNew = await insertRun(runner.database.knex, {
    id: runId,
    key: request.key,
    command: command.name,
    state: 'planned',
    actor_id: cause.actor.id,
    actor_name: cause.actor.name,
    person: cause.actor.person,
    surface: request.surface,
    input: JSON.stringify(request.raw),
    plan: keepPlan({ ...plan, warnings: said.warnings }),
    basis: fingerprint(plan.basis),
    reply: null,
    reason: cause.reason,
    ticket: cause.ticket,
    customer_id: plan.customerId,
    correlation_id: cause.correlationId,
    undo_line: null,
    undone_by: null,
    origin: request.origin === undefined ? null : JSON.stringify(request.origin),
    created_at: cause.now,
    done_at: null,
  });
  if (isNew) return { kind: 'preview', reply, runId };
  const winner = request.key ? await findRunByKey(runner.database.knex, request.key) : undefined;
  if (!winner) throw new Error(`Run ${runId} was not written, and no run has its key`);
  return repeatOf(runner, request, winner);
}

/** The same key with another content is a mistake of the caller, and must not silently become the first run. */
async function repeatOf(runner: Runner, request: Request, run: RunRow): Promise<Started> {
  const isSame =
    run.command === request.command.name &&
    canonicalJson(JSON.parse(run.input)) === canonicalJson(request.raw);
  if (!isSame) {
    throw new UserError(
      'conflict',
      `The key ${request.key?.replace(/^key:/, '')} was used before for something else (${run.command}, ${run.id}), so nothing was changed.`,
      'Use a new --idempotency-key for a new act, or repeat the first one exactly.',
    );
  }
  const reply: Reply = (await endedReply(runner.database.knex, runner.settings, run)) ?? {
    tone: 'info',
    title: `This request was already taken as ${run.id}, and is not carried out yet.`,
    hint: 'Confirm it, or start anew.',
  };
  return { kind: 'repeat', reply, runId: run.id, state: run.state };
}

/** For surfaces that ask for more before they plan: a refusal is told, and audited, before the form opens. */
export async function authoriseOrAudit(runner: Runner, request: Request): Promise<void> {
  await auditRefusal(runner, request.command, request.raw, causeOf(runner, request, null), async () =>
    authoriseRequest(runner, request),
  );
}

function unheld({ surface, origin }: Request) {
  return { isHeld: false, place: placeOf(surface, origin) };
}

function authoriseRequest({ settings }: Runner, { command, actor, surface, origin }: Request): void {
  authorise(settings, command, actor, placeOf(surface, origin));
}

/** A newly typed equal request is a new one, but rarely meant: say what was done a moment ago. */
async function warnings(
  runner: Runner,
  request: Request,
  plan: Plan<unknown>,
  runId: string,
): Promise<string[]> {
  if (!plan.customerId) return plan.warnings ?? [];
  const now = runner.clock.now();
  const recent = await findRecentEqualRun(runner.database.knex, {
    id: runId,
    command: request.command.name,
    customerId: plan.customerId,
    since: now - HOUR_MS,
  });
  const equal = recent.find(
    (run) => run.undone_by === null && essence(JSON.parse(run.input)) === essence(request.raw),
  );
  if (!equal) return plan.warnings ?? [];
  const minutes = Math.floor((now - (equal.done_at ?? equal.created_at)) / 60_000);
  const ago = minutes === 0 ? 'just now' : `${counted(minutes, 'minute')} ago`;
  const did = equal.state === 'waiting' ? 'asked for' : 'did';
  const said = `${equal.actor_name} already ${did} exactly this ${ago} (${equal.id}). Confirm only if it is meant a second time.`;
  return [said, ...(plan.warnings ?? [])];
}

function essence(raw: Record<string, unknown>): string {
  const { reason: _reason, ticket: _ticket, ...rest } = raw;
  return canonicalJson(
    Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, String(value).trim().toLowerCase()]),
    ),
  );
}
