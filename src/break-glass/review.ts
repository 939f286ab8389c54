import { type BreakGlassRow, signBreakGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { deleteTimer } from '#db/timers.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { settleFinding } from '#src/findings/open.ts';
import { postMessage } from '#src/outbox/post.ts';
import { isSamePerson } from '#src/policy/same-person.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { type DoneUnder, doneWords } from './done-under.ts';

/**
 * Signs it: the finding closes, the reminders end, and the channel that heard of it is told by whom and with which
 * words.
 *
 * @returns false when somebody else signed it first
 */
export async function signGlass(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  glass: BreakGlassRow,
  signed: { note: string; done: readonly DoneUnder[] },
): Promise<boolean> {
  const { actor, now } = cause;
  const isSigned = await signBreakGlass(sql, glass.id, {
    reviewed_at: now,
    reviewer_person: actor.person,
    reviewer_id: actor.id,
    reviewer_name: actor.name,
    review_note: signed.note,
  });
  if (!isSigned) return false;
  await deleteTimer(sql, 'glass_review', glass.id);
  await settleFinding(sql, 'break_glass_review', glass.id, now);
  await postMessage(sql, cause, {
    dedupeKey: `glass-signed:${glass.id}`,
    target: settings.break_glass.tell,
    reply: {
      tone: 'done',
      title: `${actor.name} reviewed the break-glass by ${glass.actor_name}: ${doneWords(signed.done)}.`,
      facts: [
        { label: 'Note', value: signed.note },
        { label: 'Ticket', value: glass.ticket },
        { label: 'Break-glass', value: { code: glass.id } },
      ],
      correlationId: cause.correlationId,
    },
  });
  return true;
}

/**
 * Refuses whoever cannot vouch for it: the one who broke the glass, under any of their ids, and logins that Lucy knows
 * by no name.
 *
 * @throws UserError
 */
export function requireReviewer(settings: Settings, glass: BreakGlassRow, actor: Actor): void {
  if (isSamePerson(settings, { person: glass.person, actorId: glass.actor_id }, actor)) {
    throw new UserError(
      'refused',
      'You broke this glass yourself, and nobody reviews their own.',
      'Ask somebody else with the role billing or admin to review it.',
    );
  }
  if (actor.person.startsWith('terminal:')) {
    throw new UserError(
      'refused',
      'Lucy knows this login by no name, so she cannot tell it from whoever broke the glass.',
      'Ask an admin to map it to a person under people: in lucy.config.yml, or review it in Slack.',
    );
  }
}

export function reviewedAlready(glass: BreakGlassRow): UserError {
  return new UserError(
    'conflict',
    `${glass.reviewer_name ?? 'Somebody'} reviewed this break-glass at ${formatUtc(glass.reviewed_at ?? 0)} already, so nothing was changed.`,
    'What they wrote stands in: break-glass list',
  );
}

export function reviewHint(glassId: string): string {
  return `Somebody else with the role billing or admin reviews it: break-glass review ${glassId}`;
}

export function reviewButton(glassId: string): ReplyButton {
  return { kind: 'command', label: 'Review', line: `break-glass review ${glassId}` };
}
