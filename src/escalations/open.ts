import type { Sql } from '#db/connection.ts';
import {
  type EscalationRow,
  findOpenEscalation,
  insertEscalation,
  lockEscalation,
  updateEscalation,
} from '#db/escalations.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { spanMs } from '#src/core/settings-words.ts';
import { type MessageTarget, postMessage } from '#src/outbox/post.ts';
import type { Team } from '#src/routing/team-of.ts';
import { cardKey, matterOf, renewEscalationCard } from './card.ts';
import type { Packet } from './packet.ts';
import type { Subject } from './subject.ts';

export type Handover = { team: Team; subject: Subject; ticket: string; about: string; packet: Packet };

/**
 * Hands a matter over: its card goes to the team’s channel. While one of the same team, subject and ticket is open,
 * the words go into its thread instead, however often and at once it is asked.
 */
export async function handOver(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  handover: Handover,
): Promise<{ row: EscalationRow; isNew: boolean }> {
  const row = rowOf(cause, handover);
  if (!(await insertEscalation(sql, row))) return askAgain(sql, settings, cause, handover);
  await setTimer(sql, cause.now, {
    kind: 'escalation_reminder',
    subject: row.id,
    dueAt: cause.now + spanMs(settings.escalations.remind_after),
  });
  await renewEscalationCard(sql, settings, cause, row.id);
  return { row, isNew: true };
}

async function askAgain(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { team, subject, ticket, about, packet }: Handover,
): Promise<{ row: EscalationRow; isNew: boolean }> {
  const open = await findOpenEscalation(sql, { team: team.key, subject: subject.shown, ticket });
  const held = open && (await lockEscalation(sql, open.id));
  if (!held || held.state === 'closed') throw closedJustNow();
  await updateEscalation(sql, held, { asked: held.asked + 1 });
  await renewEscalationCard(sql, settings, cause, held.id);
  await postMessage(sql, cause, {
    dedupeKey: `escalation-again:${cause.runId ?? cause.correlationId}`,
    target: held.target as MessageTarget,
    threadOf: cardKey(held.id),
    reply: {
      tone: 'warning',
      title: `${cause.actor.name} asks again: ${matterOf({ about, subject: subject.shown, ticket })}.`,
      // Whoever has it reads the thread; nobody has it yet: the team is called once more.
      ...(held.state === 'open' ? { mentions: team.mentions } : {}),
      facts: packet.facts,
      sections: packet.sections,
      ...(packet.paste === null ? {} : { paste: packet.paste }),
      correlationId: cause.correlationId,
    },
  });
  return { row: held, isNew: false };
}

function closedJustNow(): UserError {
  return new UserError(
    'moved',
    'The escalation of the same matter was closed at this very moment, so nothing was asked.',
    'Type it again; it opens a new one.',
  );
}

function rowOf(cause: Cause, { team, subject, ticket, about, packet }: Handover): EscalationRow {
  return {
    id: newId('esc', cause.now),
    team: team.key,
    subject: subject.shown,
    customer_id: subject.customer?.id ?? null,
    ticket,
    about,
    packet: JSON.stringify(packet),
    target: team.target,
    state: 'open',
    asked: 1,
    version: 1,
    requester_person: cause.actor.person,
    requester_id: cause.actor.id,
    requester_name: cause.actor.name,
    taker_person: null,
    taker_name: null,
    taken_at: null,
    closer_name: null,
    close_reason: null,
    closed_at: null,
    correlation_id: cause.correlationId,
    created_at: cause.now,
  };
}
