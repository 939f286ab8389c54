import type { Actor } from '#src/core/actor.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import type { Place } from '#src/policy/place.ts';
import type { Reply } from '#src/replies/reply.ts';
import { approve } from '#src/runner/answer-approval.ts';
import type { Answering } from '#src/runner/answering.ts';
import { withdraw } from '#src/runner/decline-approval.ts';
import { askedBy } from '../ask.ts';
import type { Caller } from '../identity/members.ts';
import { nowhere, type SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { tellError } from '../tell-error.ts';
import { readPointer } from './pointer.ts';

/** A button or a form on an approval: who, on what, and where. */
export type Clicked = { caller: Caller; value: string; place: Place | null };

/** Says yes for whoever clicked, whose roles are read from Slack again first. Never throws: every click has an answer. */
export function approveClick(parts: SlackParts, clicked: Clicked): Promise<Reply> {
  return answering(parts, clicked, 'approval approve', (asked) => approve(parts.runner, asked));
}

/** Takes the request back for whoever clicked, if it is theirs. */
export function withdrawClick(parts: SlackParts, clicked: Clicked): Promise<Reply> {
  return answering(parts, clicked, 'approval cancel', (asked) => withdraw(parts.runner, asked, null));
}

/** Whoever asked may have left, or lost their role, while the request waited. Null for a login at the terminal. */
async function readRequester(parts: SlackParts, actorId: string): Promise<Actor | null> {
  if (!actorId.startsWith('slack:')) return null;
  const caller = { userId: actorId.slice('slack:'.length), teamId: null };
  return parts.members.actorOf(caller, { isFresh: true });
}

/** Who clicks is read afresh; what is decided comes from the approval's rows, never from the button. */
export async function answering(
  parts: SlackParts,
  { caller, value, place }: Clicked,
  command: string,
  work: (answering: Answering) => Promise<Reply>,
): Promise<Reply> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  try {
    const delivery = { key: `${command}:${value}`, origin: nowhere, correlationId };
    const asked = await askedBy(parts, caller, delivery, { isFresh: true });
    if (asked.actor.refusal !== null) return await refuseStranger(parts, asked, command);
    const { approvalId, basis } = readPointer(value);
    const reply = await work({
      approvalId,
      seenBasis: basis,
      actor: asked.actor,
      surface: 'slack',
      place,
      readRequester: (actorId) => readRequester(parts, actorId),
    });
    parts.runEnded(caller.userId, asked.actor);
    return reply;
  } catch (error) {
    return tellError(parts.log, error, correlationId);
  }
}
