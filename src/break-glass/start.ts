import {
  type BreakGlassRow,
  countUnreviewedOf,
  findUnendedGlass,
  insertBreakGlass,
} from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import { clockTime } from './clock-time.ts';
import { closeIfOver } from './end.ts';
import { ownersBesides } from './owners.ts';
import { tellAll } from './tell.ts';

/**
 * Opens it, sets the timer that announces its end, and tells everybody, in one transaction. One that is over and was
 * not yet noticed is closed first; of two starts at once, one is told of the other.
 *
 * @throws UserError when this person has one in force
 */
export async function breakGlass(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  given: { lastsMs: number; reason: string; ticket: string },
): Promise<BreakGlassRow> {
  const { actor, now } = cause;
  const earlier = await findUnendedGlass(sql, actor.person);
  if (earlier) await closeIfOver(sql, settings, cause, earlier);
  await refuseChain(sql, actor.person);
  const glass: BreakGlassRow = {
    id: newId('glass', now),
    person: actor.person,
    actor_id: actor.id,
    actor_name: actor.name,
    reason: given.reason,
    ticket: given.ticket,
    started_at: now,
    ends_at: now + given.lastsMs,
    ended_at: null,
    ended_by: null,
    ended_name: null,
    reviewed_at: null,
    reviewer_person: null,
    reviewer_id: null,
    reviewer_name: null,
    review_note: null,
    correlation_id: cause.correlationId,
  };
  if (!(await insertBreakGlass(sql, glass))) {
    const inForce = await findUnendedGlass(sql, actor.person);
    throw alreadyOpen(inForce ?? glass, now);
  }
  await setTimer(sql, now, { kind: 'glass_end', subject: glass.id, dueAt: glass.ends_at });
  const owners = await ownersBesides(sql, settings, actor, now);
  await tellAll(sql, settings, cause, {
    key: `glass-start:${glass.id}`,
    reply: startMessage(glass),
    slackIds: owners.slackIds,
    isUrgent: true,
  });
  return glass;
}

/** Time-boxed means the person, too: whoever broke it twice waits until somebody has looked at one of them. */
async function refuseChain(sql: Sql, person: string): Promise<void> {
  const unreviewed = await countUnreviewedOf(sql, person);
  if (unreviewed < UNREVIEWED_MAX) return;
  throw new UserError(
    'refused',
    `${counted(unreviewed, 'break-glass', 'break-glasses')} of yours wait for a review, so there is no further one.`,
    'Ask somebody else with the role billing or admin: break-glass list, then break-glass review.',
  );
}

const UNREVIEWED_MAX = 2;

export function alreadyOpen(glass: BreakGlassRow, now: number): UserError {
  return new UserError(
    'conflict',
    `You broke the glass at ${clockTime(glass.started_at, now)} already, and it holds until ${clockTime(glass.ends_at, now)}; nothing was changed.`,
    `Go on with what you came for, or end it: break-glass end ${glass.id}`,
  );
}

function startMessage(glass: BreakGlassRow): Reply {
  const until = clockTime(glass.ends_at, glass.started_at);
  return {
    tone: 'warning',
    title: `${glass.actor_name} broke the glass until ${until}: what needs a second person goes through without one.`,
    facts: [
      { label: 'Who', value: glass.actor_name },
      { label: 'Why', value: glass.reason },
      { label: 'Ticket', value: glass.ticket },
      { label: 'Until', value: { at: glass.ends_at } },
      { label: 'Break-glass', value: { code: glass.id } },
    ],
    hint: 'Every act under it is marked in the audit, and somebody else reviews it afterwards. An admin can end it at once.',
    buttons: [{ kind: 'command', label: 'End it', line: `break-glass end ${glass.id}` }],
    correlationId: glass.correlation_id,
  };
}
