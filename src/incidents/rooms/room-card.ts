import type { IncidentRoomRow } from '#db/incident-rooms.ts';

/** The headline card once more, in the room: another channel is another message. */
export function roomCardKey({
  incident_id,
  channel,
}: Pick<IncidentRoomRow, 'incident_id' | 'channel'>): string {
  return `incident-room:${incident_id}:${channel}`;
}

/** The incident that a card tells of; null for a card of something else. */
export function incidentOfCard(key: string): string | null {
  const [kind, id = ''] = key.split(':');
  return kind === 'incident' || kind === 'incident-room' || kind === 'incident-ask' ? id : null;
}
