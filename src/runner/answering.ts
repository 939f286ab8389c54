import type { Actor, Surface } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { authorise } from '#src/policy/authorise.ts';
import type { Place } from '#src/policy/place.ts';
import type { Asked } from './open-approval.ts';
import type { Runner } from './runner.ts';

/** One click on an approval's card, or the same through another surface. */
export type Answering = {
  approvalId: string;
  /** What the card showed, from the button; null where it was read a moment ago. */
  seenBasis: string | null;
  actor: Actor;
  surface: Surface;
  /** Where in Slack; null at the terminal, which is bound to no channel. */
  place: Place | null;
  /** Asks the surface who the requester is by now; where it cannot, what is known in the database counts. */
  readRequester?(actorId: string): Promise<Actor | null>;
};

/** A button is bound by the policy of the command that it stands for. */
export function authoriseAnswer(runner: Runner, name: string, { actor, place }: Answering): void {
  const command = runner.commands.find((candidate) => candidate.name === name);
  if (!command) throw new Error(`There is no command ${name}`);
  authorise(runner.settings, command, actor, place);
}

/** Whoever answers acts for the reason of the request, unless they give one of their own. */
export function causeOf(
  runner: Runner,
  { actor, surface }: Answering,
  { approval, run }: Asked,
  reason: string | null,
): Cause {
  return {
    actor,
    surface,
    correlationId: approval.correlation_id,
    reason: reason ?? run.reason,
    ticket: run.ticket,
    runId: run.id,
    now: runner.clock.now(),
  };
}
