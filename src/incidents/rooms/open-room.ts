import type { Sql } from '#db/connection.ts';
import { findIncidentRoom } from '#db/incident-rooms.ts';
import type { MessageTarget } from '#src/outbox/post.ts';

/** The room of an incident, as a place for messages; null while there is none, and once it is archived. */
export async function openRoomOf(sql: Sql, incidentId: string): Promise<MessageTarget | null> {
  const room = await findIncidentRoom(sql, incidentId);
  return room?.channel && room.archived_at === null ? (room.channel as MessageTarget) : null;
}
