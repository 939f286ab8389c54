import { findCardByMessage } from '#db/cards.ts';
import type { Sql } from '#db/connection.ts';
import { findRoomByChannel } from '#db/incident-rooms.ts';
import { findIncident, type IncidentRow } from '#db/incidents.ts';
import { incidentOfCard } from './room-card.ts';

/** The incident that is meant where somebody is: in its room, or in the thread of its card. */
export async function incidentHere(
  sql: Sql,
  place: { channelId: string | null; threadTs: string | null },
): Promise<IncidentRow | undefined> {
  if (place.channelId === null) return undefined;
  const room = await findRoomByChannel(sql, place.channelId);
  if (room) return findIncident(sql, room.incident_id);
  if (place.threadTs === null) return undefined;
  const card = await findCardByMessage(sql, { channel: place.channelId, ts: place.threadTs });
  const id = card ? incidentOfCard(card.key) : null;
  return id === null ? undefined : findIncident(sql, id);
}
