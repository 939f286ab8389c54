import { lockApproval } from '#db/approvals.ts';
import { inTransaction } from '#db/transaction.ts';
import { endApproval } from '#src/approvals/end.ts';
import { type Actor, roles, scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { mayRun } from '#src/policy/authorise.ts';
import { findPerson } from '#src/policy/directory.ts';
import { freshGroups } from '#src/policy/group-snapshot.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { CommandContext } from './define-command.ts';
import { type Asked, actContext, requireOpen } from './open-approval.ts';
import type { Runner } from './runner.ts';

export type Gathered =
  | { kind: 'gathered'; requester: Actor; outside: unknown }
  /** What was asked for cannot be done any more, and why. */
  | { kind: 'impossible'; error: UserError };

/** Reads what the act rests on outside of the database once more, before the approval's transaction. */
export async function gatherAct(
  context: CommandContext,
  { run, command }: Asked,
  readRequester?: (actorId: string) => Promise<Actor | null>,
): Promise<Gathered> {
  const asked = (await readRequester?.(run.actor_id)) ?? null;
  const requester = asked
    ? { ...asked, id: run.actor_id, name: run.actor_name, person: run.person }
    : await requesterNow(context, run);
  if (!mayRun(context.settings, command, requester)) {
    if (!asked && !(await areGroupsKnown(context))) throw groupsUnknown(run.actor_name);
    const message = `${run.actor_name} may not run “${command.name}” any more.`;
    const error = new UserError('refused', message, 'Somebody who may run it can ask for it themselves.');
    return { kind: 'impossible', error };
  }
  try {
    const outside = await command.gather(JSON.parse(run.input), actContext(context, run, requester));
    return { kind: 'gathered', requester, outside };
  } catch (error) {
    // Away is not gone: the approval stays open, and the approver tries again.
    if (!(error instanceof UserError) || error.code === 'unavailable') throw error;
    return { kind: 'impossible', error };
  }
}

/** Slack’s user groups were read lately enough to say that somebody is in none of them. */
async function areGroupsKnown({ sql, settings, cause }: CommandContext): Promise<boolean> {
  const fresh = await freshGroups(sql, cause.now);
  return roles.every((role) => settings.roles[role].groups.every((group) => fresh.has(group)));
}

function groupsUnknown(name: string): UserError {
  return new UserError(
    'unavailable',
    `Slack was not asked lately who is in which user group, so Lucy cannot tell whether ${name} may still ask for this.`,
    'Try again when Slack can be reached; the request stays open.',
  );
}

/** The person who asked, with the roles they have by now. */
async function requesterNow({ sql, settings, cause }: CommandContext, run: Asked['run']): Promise<Actor> {
  const known = await findPerson(sql, settings, run.actor_id, cause.now);
  if (known) return { ...known, id: run.actor_id, name: run.actor_name, person: run.person };
  return {
    kind: 'staff',
    id: run.actor_id,
    name: run.actor_name,
    person: run.person,
    roles: [],
    refusal: null,
  };
}

/** Ends an approval whose act became impossible, and says so to whoever tried, and to whoever asked. */
export async function endImpossible(
  runner: Runner,
  cause: Cause,
  { approval }: Asked,
  error: UserError,
): Promise<Reply> {
  await inTransaction(runner.database, async (sql) => {
    const held = await lockApproval(sql, approval.id);
    if (!held) return;
    requireOpen(held, cause.now);
    const ending = { state: 'cancelled' as const, by: scheduleActor, reason: error.message };
    await endApproval(sql, runner.settings, cause, held, ending);
  });
  return {
    tone: 'warning',
    title: `This cannot be done any more, so the request was ended: ${error.message}`,
    hint: error.hint,
    correlationId: approval.correlation_id,
  };
}
