import type { Sql } from '#db/connection.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';
import { incidentName } from '../find.ts';
import { tellItsPeople } from '../private.ts';
import type { StepKind } from './next-step.ts';
import { openRoomOf } from './open-room.ts';

/** Says something in the room of an incident, if it has one that is open. */
export async function tellRoom(
  sql: Sql,
  cause: Cause,
  incident: IncidentRow,
  message: { key: string; reply: Reply },
): Promise<void> {
  const room = await openRoomOf(sql, incident.id);
  if (!room) return;
  await postMessage(sql, cause, {
    dedupeKey: `incident-room:${incident.id}:${message.key}`,
    target: room,
    reply: message.reply,
  });
}

const what: Record<StepKind, string> = {
  create: 'made no room for it, so it goes on in this channel and its threads',
  find: 'did not say which channels I am in, so I made no room for it; it goes on in this channel and its threads',
  invite: 'let me invite nobody into its room; whoever is needed has to join by themselves',
  topic: 'did not let me write the topic of its room',
  pin: 'did not let me pin the card in its room',
  archive: 'did not let me archive its room; somebody may do that by hand',
  unarchive: 'did not bring its room back',
};

const scopes: Record<StepKind, string> = {
  create: 'channels:manage and, for private incidents, groups:write',
  find: 'channels:read and groups:read',
  invite: 'channels:manage and groups:write',
  topic: 'channels:manage and groups:write',
  pin: 'pins:write',
  archive: 'channels:manage and groups:write',
  unarchive: 'channels:manage and groups:write',
};

/** Slack said no to what only a person can mend: one message for each incident, whatever else it refuses. */
export async function tellRefusal(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
  refusal: { step: StepKind; code: string },
): Promise<void> {
  const { step, code } = refusal;
  await tellItsPeople(sql, settings, cause, incident, {
    dedupeKey: `incident-room-refused:${incident.id}`,
    reply: {
      tone: 'warning',
      title: `${incidentName(incident)}: Slack ${what[step]} (${code}).`,
      hint: `${mendOf(step, code)} Nothing of the incident is lost. Without rooms, set incidents.rooms to false in lucy.config.yml.`,
      correlationId: incident.correlation_id,
    },
  });
}

function mendOf(step: StepKind, code: string): string {
  if (code === 'missing_scope')
    return `Give the app the bot scopes ${scopes[step]} (manifest.yml has them), and install it again.`;
  if (code === 'restricted_action' || code === 'cannot_create_channel')
    return 'In the workspace’s settings, under channel management, allow apps to create and manage channels.';
  return 'Ask an admin of the workspace what its plan and its settings allow apps to do with channels.';
}
