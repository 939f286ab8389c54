import type { Sql } from '#db/connection.ts';
import { findOpenGlass, glassNotice } from '#src/break-glass/find-open.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { authorise } from '#src/policy/authorise.ts';
import { judge, type Verdict } from '#src/policy/judge.ts';
import type { Place } from '#src/policy/place.ts';
import { namesOf } from '#src/policy/same-person.ts';
import { addUsage, holdUsage, readUsage } from '#src/policy/usage.ts';
import type { ChangeCommand, CommandContext, Plan } from './define-command.ts';

/** What policy says to a plan: go on, go on because the glass is broken, or ask somebody. */
export type Ruling =
  | { kind: 'allowed'; glass: { id: string; notice: string } | null }
  | { kind: 'approval'; verdict: Extract<Verdict, { kind: 'approval' }> };

/**
 * Judges a plan by the policy, with what this person and this customer had today.
 *
 * @param options.isHeld holds today's counters until the transaction ends, so that of two runs that together are
 *   over a limit one is asked about
 * @param options.place where it was asked: what an undo does is bound to its own channels, too
 * @throws UserError when policy refuses
 */
export async function judgePlan(
  context: CommandContext,
  command: ChangeCommand,
  plan: Plan<unknown>,
  actor: Actor,
  options: { isHeld: boolean; place: Place | null; ignoresGlass?: boolean },
): Promise<Ruling> {
  const { sql, settings, cause } = context;
  const judged = judgedCommand(context, command, plan);
  if (judged !== command) authorise(settings, judged, actor, options.place);
  const read = options.isHeld ? holdUsage : readUsage;
  const measures = plan.measures ?? {};
  const names = namesOf(settings, actor);
  const usage = await read(sql, cause.now, names, plan.customerId, judged.name, measures.shares);
  const verdict = judge(settings, judged, actor, measures, usage);
  if (verdict.kind === 'refused') throw new UserError('refused', verdict.why, verdict.hint);
  if (verdict.kind === 'allowed') return { kind: 'allowed', glass: null };
  const mayBreak =
    verdict.mayBreakGlass &&
    !options.ignoresGlass &&
    settings.break_glass.roles.some((role) => actor.roles.includes(role));
  const glass = mayBreak ? await findOpenGlass(sql, actor.person, cause.now) : undefined;
  if (!glass) return { kind: 'approval', verdict };
  return { kind: 'allowed', glass: { id: glass.id, notice: glassNotice(glass, cause.now) } };
}

/** Counts what was done against today's limits, in the transaction of its effect. */
export async function countPlan(
  sql: Sql,
  context: CommandContext,
  command: ChangeCommand,
  plan: Plan<unknown>,
  actorId: string,
): Promise<void> {
  const { name } = judgedCommand(context, command, plan);
  await addUsage(sql, context.cause.now, actorId, plan.customerId, name, plan.measures ?? {});
}

/** An undo is judged as what it does. */
function judgedCommand(
  { commands }: Pick<CommandContext, 'commands'>,
  command: ChangeCommand,
  plan: Plan<unknown>,
): ChangeCommand {
  const named = plan.judgedAs ? commands.find((candidate) => candidate.name === plan.judgedAs) : command;
  if (!named || named.effect === 'reads')
    throw new Error(`${command.name} is judged as ${plan.judgedAs}, which changes nothing`);
  return named;
}
