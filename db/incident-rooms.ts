import type { Sql } from './connection.ts';

/** The channel of an incident in Slack, as far as it is made. */
export type IncidentRoomRow = {
  incident_id: string;
  wanted_name: string;
  tries: number;
  asked_at: number | null;
  channel: string | null;
  name: string | null;
  topic: string | null;
  /** JSON text: Slack member ids. */
  invited: string;
  pinned_ts: string | null;
  archived_at: number | null;
  /** JSON text: step -> Slack’s word for why not. */
  refusals: string;
  looked_version: number;
  due_at: number | null;
  not_before: number;
  attempts: number;
  lease_token: string | null;
  lease_until: number | null;
};

export async function insertIncidentRoom(
  sql: Sql,
  row: Pick<IncidentRoomRow, 'incident_id' | 'wanted_name'>,
): Promise<void> {
  await sql('incident_rooms').insert(row).onConflict('incident_id').ignore();
}

export async function findIncidentRoom(sql: Sql, incidentId: string): Promise<IncidentRoomRow | undefined> {
  return sql<IncidentRoomRow>('incident_rooms').where({ incident_id: incidentId }).first();
}

export async function findRoomByChannel(sql: Sql, channel: string): Promise<IncidentRoomRow | undefined> {
  return sql<IncidentRoomRow>('incident_rooms').where({ channel }).first();
}

export async function listIncidentRooms(
  sql: Sql,
  incidentIds: readonly string[],
): Promise<IncidentRoomRow[]> {
  return sql<IncidentRoomRow>('incident_rooms').whereIn('incident_id', [...incidentIds]);
}

/** Rooms whose incident changed since somebody looked, or that are due anyway, and that nobody is at work on. */
export async function listRoomsToLookAt(sql: Sql, now: number, limit: number): Promise<string[]> {
  const rows: { incident_id: string }[] = await sql('incident_rooms as r')
    .join('incidents as i', 'i.id', 'r.incident_id')
    .where((query) => query.whereRaw('r.looked_version < i.version').orWhere('r.due_at', '<=', now))
    .where('r.not_before', '<=', now)
    .where((query) => query.whereNull('r.lease_until').orWhere('r.lease_until', '<', now))
    .orderBy('r.incident_id')
    .limit(limit)
    .select('r.incident_id');
  return rows.map((row) => row.incident_id);
}

/** False when another process has it. */
export async function leaseRoom(
  sql: Sql,
  incidentId: string,
  token: string,
  now: number,
  until: number,
): Promise<boolean> {
  const taken = await sql('incident_rooms')
    .where({ incident_id: incidentId })
    .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', now))
    .update({ lease_token: token, lease_until: until });
  return taken === 1;
}

/** Writes down how far the room is, if the lease is still ours. */
export async function updateRoom(
  sql: Sql,
  incidentId: string,
  token: string,
  patch: Partial<Omit<IncidentRoomRow, 'incident_id'>>,
): Promise<boolean> {
  const updated = await sql('incident_rooms')
    .where({ incident_id: incidentId, lease_token: token })
    .update(patch);
  return updated === 1;
}
