import type { Sql } from '#db/connection.ts';
import { insertIncidentRoom } from '#db/incident-rooms.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { Settings } from '#src/core/settings.ts';
import { roomName } from './room-name.ts';

/** A room is wanted, in the transaction that declares the incident; it is made once that is committed. */
export async function wantRoom(sql: Sql, settings: Settings, incident: IncidentRow): Promise<void> {
  if (!settings.incidents.rooms) return;
  await insertIncidentRoom(sql, { incident_id: incident.id, wanted_name: roomName(incident) });
}
