import type { Sql } from './connection.ts';

/** What stands in an incident's timeline, by what it tells of. */
export type IncidentEntryKind =
  | 'declared'
  | 'note'
  | 'pin'
  | 'state'
  | 'command'
  | 'reconciliation'
  | 'alert'
  | 'update'
  | 'release';

export type IncidentEntryRow = {
  id: string;
  incident_id: string;
  kind: IncidentEntryKind;
  text: string;
  line: string | null;
  dedupe_key: string | null;
  actor: string;
  actor_name: string;
  correlation_id: string;
  at: number;
};

/** False when this was written down already. */
export async function insertIncidentEntry(sql: Sql, row: IncidentEntryRow): Promise<boolean> {
  const inserted = await sql('incident_entries')
    .insert(row)
    .onConflict(['incident_id', 'dedupe_key'])
    .ignore()
    .returning('id');
  return inserted.length > 0;
}

/** What was written down under this key. */
export async function findIncidentEntry(
  sql: Sql,
  incidentId: string,
  dedupeKey: string,
): Promise<IncidentEntryRow | undefined> {
  return sql<IncidentEntryRow>('incident_entries')
    .where({ incident_id: incidentId, dedupe_key: dedupeKey })
    .first();
}

/** Oldest first. */
export async function listIncidentEntries(sql: Sql, incidentId: string): Promise<IncidentEntryRow[]> {
  return sql<IncidentEntryRow>('incident_entries').where({ incident_id: incidentId }).orderBy(['at', 'id']);
}
