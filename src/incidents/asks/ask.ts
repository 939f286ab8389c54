import type { Sql } from '#db/connection.ts';
import { findIncidentRoom } from '#db/incident-rooms.ts';
import { findIncident, type IncidentRow, lockIncident, updateIncident } from '#db/incidents.ts';
import { deleteTimer, type NewTimer, setTimer, setTimerIfNew } from '#db/timers.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { callSettings } from '../drill-mark.ts';
import { incidentName } from '../find.ts';
import { tellItsPeople } from '../private.ts';
import { openRoomOf } from '../rooms/open-room.ts';
import { renewAskCard } from './card.ts';

/** How often each is asked (monzo/response asks for a lead every two minutes, for the severity every five). */
const questions = {
  severity: { timer: 'incident_severity', count: 'severity_asks', everyMs: 5 * MINUTE_MS },
  commander: { timer: 'incident_commander', count: 'commander_asks', everyMs: 2 * MINUTE_MS },
} as const;
export type Question = keyof typeof questions;

/** After so many times whoever is on call is mentioned, and from then on it is asked more slowly. */
const ASKS_MAX = 5;
const SLOWLY_MS = 30 * MINUTE_MS;

/** Whenever an incident changed: what is not known is asked for, and what is known no more. */
export async function startAsks(sql: Sql, cause: Cause, incident: IncidentRow): Promise<void> {
  for (const question of Object.keys(questions) as Question[]) {
    const { timer } = questions[question];
    if (isAnswered(incident, question)) await deleteTimer(sql, timer, incident.id);
    else await setTimerIfNew(sql, cause.now, timerOf(cause, incident, question));
  }
}

/** The timer is due: asks once more, in the one message that is edited; at last it mentions whoever is on call, and goes on more slowly. */
export async function askOnceMore(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incidentId: string,
  question: Question,
): Promise<void> {
  const seen = await lockIncident(sql, incidentId);
  if (!seen || isAnswered(seen, question)) return;
  const { count } = questions[question];
  if (seen[count] === ASKS_MAX) await callForHelp(sql, settings, cause, seen, question);
  await updateIncident(sql, seen, { [count]: seen[count] + 1 });
  const row = (await findIncident(sql, incidentId)) ?? seen;
  await renewAskCard(sql, cause, row, await findIncidentRoom(sql, incidentId));
  await setTimer(sql, cause.now, timerOf(cause, row, question));
}

function isAnswered(incident: IncidentRow, question: Question): boolean {
  return incident.state === 'resolved' || incident[question] !== null;
}

async function callForHelp(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
  question: Question,
): Promise<void> {
  const room = await openRoomOf(sql, incident.id);
  const name = incidentName(incident);
  const message: Parameters<typeof postMessage>[2] = {
    dedupeKey: `incident-ask:${incident.id}:${question}`,
    target: room ?? 'incidents',
    threadOf: `incident-ask:${incident.id}`,
    onlyWhile: `incident-ask:${incident.id}:${question}`,
    reply: {
      tone: 'warning',
      title:
        question === 'commander'
          ? `${name}: still nobody leads. Please take it; from now on I ask every half an hour.`
          : `${name}: still nobody said how bad it is. Please say it; from now on I ask every half an hour.`,
      hint: 'Press a button of the message above.',
      mentions: mentionsOfRole(await callSettings(sql, settings, incident), 'oncall'),
      correlationId: incident.correlation_id,
    },
  };
  if (incident.private_at === null || room) return postMessage(sql, cause, message);
  const { reply, dedupeKey } = message;
  const hint = `Say it with: incident change ${name}`;
  await tellItsPeople(sql, settings, cause, incident, { dedupeKey, reply: { ...reply, hint } });
}

function timerOf(cause: Cause, incident: IncidentRow, question: Question): NewTimer {
  const { timer, count, everyMs } = questions[question];
  const pauseMs = incident[count] > ASKS_MAX ? SLOWLY_MS : everyMs;
  return {
    kind: timer,
    subject: incident.id,
    dueAt: cause.now + Math.round(pauseMs / incident.pace),
  };
}
