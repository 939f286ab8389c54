import type { Sql } from './connection.ts';

export type PostmortemRow = {
  incident_id: string;
  state: 'draft' | 'filed' | 'waived';
  summary: string | null;
  cause: string | null;
  lessons: string | null;
  due_at: number;
  reminders: number;
  ended_at: number | null;
  ended_by: string | null;
  ended_reason: string | null;
  correlation_id: string;
  created_at: number;
};

export type PostmortemActionRow = {
  id: string;
  incident_id: string;
  text: string;
  owner: string;
  owner_name: string;
  due_at: number | null;
  created_at: number;
  done_at: number | null;
  done_by: string | null;
};

/** One for each incident, however often it is resolved. */
export async function insertPostmortem(
  sql: Sql,
  row: Pick<PostmortemRow, 'incident_id' | 'state' | 'due_at' | 'correlation_id' | 'created_at'>,
): Promise<void> {
  await sql('postmortems').insert(row).onConflict('incident_id').ignore();
}

export async function findPostmortem(sql: Sql, incidentId: string): Promise<PostmortemRow | undefined> {
  return sql<PostmortemRow>('postmortems').where({ incident_id: incidentId }).first();
}

/** Of a draft; false when it was filed or waived meanwhile. */
export async function updatePostmortem(
  sql: Sql,
  incidentId: string,
  changes: Partial<Omit<PostmortemRow, 'incident_id'>>,
): Promise<boolean> {
  return (await sql('postmortems').where({ incident_id: incidentId, state: 'draft' }).update(changes)) > 0;
}

export async function insertAction(sql: Sql, row: PostmortemActionRow): Promise<void> {
  await sql('postmortem_actions').insert(row);
}

export async function findAction(sql: Sql, id: string): Promise<PostmortemActionRow | undefined> {
  return sql<PostmortemActionRow>('postmortem_actions').where({ id }).first();
}

/** False when it was done already. */
export async function endAction(sql: Sql, id: string, doneBy: string, now: number): Promise<boolean> {
  const updated = await sql('postmortem_actions')
    .where({ id })
    .whereNull('done_at')
    .update({ done_at: now, done_by: doneBy });
  return updated > 0;
}

export async function listActions(sql: Sql, incidentId: string): Promise<PostmortemActionRow[]> {
  return sql<PostmortemActionRow>('postmortem_actions').where({ incident_id: incidentId }).orderBy('id');
}
