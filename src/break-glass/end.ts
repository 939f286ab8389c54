import { type BreakGlassRow, endBreakGlass, findBreakGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { deleteTimer } from '#db/timers.ts';
import { recordAudit } from '#src/audit/record.ts';
import { type Actor, scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { raiseFinding } from '#src/findings/open.ts';
import type { Reply } from '#src/replies/reply.ts';
import { clockTime } from './clock-time.ts';
import { type DoneUnder, doneSection, doneWords, readDoneUnder } from './done-under.ts';
import { ownersBesides } from './owners.ts';
import { setReviewReminder } from './remind.ts';
import { reviewButton, reviewHint } from './review.ts';
import { holderSlackIds, tellAll } from './tell.ts';

/**
 * Writes down that it is over, once: everybody who heard of its beginning hears of its end, with what was done under
 * it, and it becomes a finding until somebody else has reviewed it.
 *
 * @param by who ended it early; null when its time was over
 * @returns false when it was ended before
 */
export async function endGlass(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  glass: BreakGlassRow,
  by: Actor | null,
): Promise<boolean> {
  const ended: BreakGlassRow = {
    ...glass,
    // A clock that was set back must not end it before it began.
    ended_at: by === null ? glass.ends_at : Math.min(Math.max(cause.now, glass.started_at), glass.ends_at),
    ended_by: by?.person ?? null,
    ended_name: by?.name ?? null,
  };
  const { ended_at, ended_by, ended_name } = ended;
  if (!(await endBreakGlass(sql, glass.id, { ended_at, ended_by, ended_name }))) return false;
  await deleteTimer(sql, 'glass_end', glass.id);
  await setReviewReminder(sql, cause, glass.id, ended_at ?? cause.now);
  const done = await readDoneUnder(sql, glass.id);
  const message = endMessage(ended, done);
  await raiseFinding(sql, cause, {
    kind: 'break_glass_review',
    subject: glass.id,
    customerId: null,
    summary: message.title,
    hint: reviewHint(glass.id),
    evidence: { done },
    tell: null,
  });
  const owners = await ownersBesides(sql, settings, by, cause.now);
  const holder = glass.person === by?.person ? [] : holderSlackIds(settings, glass);
  await tellAll(sql, settings, cause, {
    key: `glass-end:${glass.id}`,
    reply: message,
    slackIds: [...owners.slackIds, ...holder],
    isUrgent: false,
  });
  return true;
}

/** What its timer does. */
export async function glassIsOver(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  glassId: string,
): Promise<boolean> {
  const glass = await findBreakGlass(sql, glassId);
  return glass !== undefined && closeIfOver(sql, settings, cause, glass);
}

/**
 * Notices that its time is over, in the name of Lucy's schedule: by its timer, or by whoever comes across it sooner.
 * Does nothing while it is in force, or when it was noticed before.
 */
export async function closeIfOver(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  glass: BreakGlassRow,
): Promise<boolean> {
  if (glass.ended_at !== null || glass.ends_at > cause.now) return false;
  const own: Cause = {
    actor: scheduleActor,
    surface: 'job',
    correlationId: glass.correlation_id,
    reason: 'Its time was over.',
    ticket: glass.ticket,
    runId: null,
    now: cause.now,
  };
  if (!(await endGlass(sql, settings, own, glass, null))) return false;
  await recordAudit(sql, own, {
    command: 'timer glass_end',
    outcome: 'done',
    customerId: null,
    input: { glass: glass.id },
    before: { state: 'open' },
    after: { state: 'ended', endedAt: isoTime(glass.ends_at) },
  });
  return true;
}

function endMessage(glass: BreakGlassRow, done: readonly DoneUnder[]): Reply {
  const endedAt = glass.ended_at ?? glass.ends_at;
  const at = clockTime(endedAt, glass.started_at);
  const whose =
    glass.ended_by === glass.person ? 'their break-glass' : `the break-glass by ${glass.actor_name}`;
  const what =
    glass.ended_name === null
      ? `The break-glass by ${glass.actor_name} is over since ${at}`
      : `${glass.ended_name} ended ${whose} at ${at}`;
  return {
    tone: 'warning',
    title: `${what}: ${doneWords(done)}, and it waits for a review.`,
    facts: [
      { label: 'Who', value: glass.actor_name },
      { label: 'Why', value: glass.reason },
      { label: 'Ticket', value: glass.ticket },
      { label: 'From', value: { at: glass.started_at } },
      { label: 'To', value: { at: endedAt } },
      { label: 'Break-glass', value: { code: glass.id } },
    ],
    sections: [doneSection(done)],
    hint: reviewHint(glass.id),
    buttons: [reviewButton(glass.id)],
    correlationId: glass.correlation_id,
  };
}
