import type { Sql } from './connection.ts';
import type { IncidentState } from './incidents.ts';

export type IncidentUpdateRow = {
  id: string;
  incident_id: string;
  state: IncidentState;
  body: string;
  /** JSON text: component id -> impact. */
  impacts: string;
  /** When it was owed. */
  due_at: number;
  published_at: number;
  author: string;
  author_name: string;
  correlation_id: string;
};

export async function insertIncidentUpdate(sql: Sql, row: IncidentUpdateRow): Promise<void> {
  await sql('incident_updates').insert(row);
}

/** Oldest first. */
export async function listIncidentUpdates(
  sql: Sql,
  incidentIds: readonly string[],
): Promise<IncidentUpdateRow[]> {
  return sql<IncidentUpdateRow>('incident_updates')
    .whereIn('incident_id', [...incidentIds])
    .orderBy(['published_at', 'id']);
}
