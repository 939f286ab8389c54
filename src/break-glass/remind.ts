import { type BreakGlassRow, findBreakGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { postMessage } from '#src/outbox/post.ts';
import { doneWords, readDoneUnder } from './done-under.ts';
import { reviewButton, reviewHint } from './review.ts';

/** One reminder a day, from the day after its end on. */
export async function setReviewReminder(
  sql: Sql,
  cause: Cause,
  glassId: string,
  since: number,
): Promise<void> {
  await setTimer(sql, cause.now, { kind: 'glass_review', subject: glassId, dueAt: since + DAY_MS });
}

/** Reminds whoever may review, and again tomorrow; silent once it is signed. */
export async function remindOfReview(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  glassId: string,
): Promise<void> {
  const glass = await findBreakGlass(sql, glassId);
  if (!glass || glass.ended_at === null || glass.reviewed_at !== null) return;
  const days = daysSince(glass, cause.now);
  const done = await readDoneUnder(sql, glass.id);
  const groups = [...settings.roles.admin.groups, ...settings.roles.billing.groups];
  const users = [...settings.roles.admin.members, ...settings.roles.billing.members];
  await postMessage(sql, cause, {
    dedupeKey: `glass-review:${glass.id}:${cause.now}`,
    target: settings.break_glass.tell,
    reply: {
      tone: 'warning',
      title: `The break-glass by ${glass.actor_name} waits for its review since ${counted(days, 'day')}: ${doneWords(done)}.`,
      facts: [
        { label: 'Why', value: glass.reason },
        { label: 'Ticket', value: glass.ticket },
        { label: 'Ended', value: { at: glass.ended_at } },
        { label: 'Break-glass', value: { code: glass.id } },
      ],
      hint: reviewHint(glass.id),
      buttons: [reviewButton(glass.id)],
      correlationId: glass.correlation_id,
      mentions: { groups, users },
    },
  });
  // From now, not from when it was due: after a time without a worker there is one reminder, not one for each day.
  await setReviewReminder(sql, cause, glass.id, cause.now);
}

function daysSince(glass: BreakGlassRow, now: number): number {
  return Math.max(1, Math.floor((now - (glass.ended_at ?? now)) / DAY_MS));
}
