import type { Sql } from '#db/connection.ts';
import { findIncidentRoom } from '#db/incident-rooms.ts';
import { type IncidentRow, listPrivateIncidents } from '#db/incidents.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { onCallAt } from '#src/oncall/rota.ts';
import { postMessage } from '#src/outbox/post.ts';
import { slackIdOf } from '#src/policy/slack-id-of.ts';
import type { Reply } from '#src/replies/reply.ts';
import { incidentName } from './find.ts';
import { openRoomOf } from './rooms/open-room.ts';

/** All that others learn of a private incident. */
export function privateWords(incident: Pick<IncidentRow, 'number' | 'drill_id'>): string {
  return `${incidentName(incident)} is private; its people know.`;
}

/**
 * Who may read a private incident: whoever declared or leads it, is in its room, is on call by role, or an admin; and
 * Lucy’s own jobs.
 */
export async function mayRead(sql: Sql, reader: Actor, incident: IncidentRow): Promise<boolean> {
  if (incident.private_at === null || reader.kind === 'schedule' || reader.kind === 'lucy') return true;
  if (reader.roles.includes('oncall') || reader.roles.includes('admin')) return true;
  if (reader.person === incident.declared_by || reader.person === incident.commander) return true;
  const slackId = /^slack:(\w+)$/.exec(reader.id)?.[1];
  const room = slackId === undefined ? undefined : await findIncidentRoom(sql, incident.id);
  return room !== undefined && (JSON.parse(room.invited) as unknown[]).includes(slackId);
}

/** @throws UserError for a private incident that this person has no part in */
export async function requireReader(sql: Sql, reader: Actor, incident: IncidentRow): Promise<IncidentRow> {
  if (await mayRead(sql, reader, incident)) return incident;
  throw new UserError(
    'refused',
    privateWords(incident),
    'If you have to know of it, ask whoever is on call to take you into its room.',
    { incident: 'It is private.' },
  );
}

/** Those of them that this person may read. */
export async function readableBy(
  sql: Sql,
  reader: Actor,
  incidents: readonly IncidentRow[],
): Promise<IncidentRow[]> {
  const readable: IncidentRow[] = [];
  for (const row of incidents) if (await mayRead(sql, reader, row)) readable.push(row);
  return readable;
}

/** The private ones that this person may not read; every private one for nobody in particular. */
export async function hiddenFrom(sql: Sql, reader: Actor | null): Promise<IncidentRow[]> {
  const all = await listPrivateIncidents(sql);
  if (reader === null) return all;
  const readable = new Set((await readableBy(sql, reader, all)).map(({ id }) => id));
  return all.filter(({ id }) => !readable.has(id));
}

/**
 * Says something about an incident where its people read it: in the thread of its card in #incidents; of a private one
 * in its room, and while there is none directly to whoever leads and declared it, else to whoever is on call.
 */
export async function tellItsPeople(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
  message: Pick<Parameters<typeof postMessage>[2], 'dedupeKey' | 'reply' | 'onlyWhile'>,
): Promise<void> {
  const { dedupeKey } = message;
  if (incident.private_at === null)
    return postMessage(sql, cause, {
      ...message,
      target: 'incidents',
      threadOf: `incident:${incident.id}`,
    });
  const room = await openRoomOf(sql, incident.id);
  if (room) return postMessage(sql, cause, { ...message, target: room });
  for (const slackId of peopleOf(settings, incident))
    await postMessage(sql, cause, {
      ...message,
      dedupeKey: `${dedupeKey}:${slackId}`,
      target: `user:${slackId}`,
    });
}

/** What they read directly, for #incidents hears nothing of it. */
export function privateReply(incident: IncidentRow, hasRoom: boolean): Reply {
  const name = incidentName(incident);
  return {
    tone: 'warning',
    title: `${name} is open, and private: ${incident.title}`,
    hint: hasRoom
      ? 'Its room follows; #incidents hears nothing of it.'
      : '#incidents hears nothing of it, and there are no rooms: it goes on here and with its commands.',
    buttons: [
      { kind: 'command', label: 'Show', line: `incident status ${name}` },
      { kind: 'command', label: 'Add a note', line: `incident note --incident ${name}` },
    ],
    correlationId: incident.correlation_id,
  };
}

function peopleOf(settings: Settings, { commander, declared_by }: IncidentRow): string[] {
  const own = [slackIdOf(settings, commander), slackIdOf(settings, declared_by)].filter((id) => id !== null);
  const onCall = onCallAt(settings, 0)?.slackId;
  return [...new Set(own.length > 0 || !onCall ? own : [onCall])];
}
