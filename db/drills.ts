import type { Sql } from './connection.ts';

/** How a drill ended: gone through, stopped by somebody, by a real incident, or because nobody went on. */
export type DrillOutcome = 'done' | 'stopped' | 'real' | 'idle';

/** Who takes part; only these are called. */
export type DrillParticipant = { person: string; name: string; slackId: string | null };

export type DrillRow = {
  id: string;
  pace: number;
  /** JSON text: DrillParticipant[]. */
  participants: string;
  played_at: number | null;
  step: string;
  step_at: number;
  started_by: string;
  started_name: string;
  started_at: number;
  ended_at: number | null;
  outcome: DrillOutcome | null;
  ended_name: string | null;
  ended_reason: string | null;
  /** JSON text. */
  score: string | null;
  correlation_id: string;
  version: number;
};

type NewDrill = Omit<DrillRow, 'ended_at' | 'outcome' | 'ended_name' | 'ended_reason' | 'score' | 'version'>;

/** Null when one is on already. */
export async function insertDrill(sql: Sql, row: NewDrill): Promise<DrillRow | null> {
  if (await findOpenDrill(sql)) return null;
  const [inserted] = await sql<DrillRow>('drills').insert(row).returning('*');
  return inserted ?? null;
}

export async function findDrill(sql: Sql, id: string): Promise<DrillRow | undefined> {
  return sql<DrillRow>('drills').where({ id }).first();
}

/** The one that is on; there is never a second. */
export async function findOpenDrill(sql: Sql): Promise<DrillRow | undefined> {
  return sql<DrillRow>('drills').whereNull('ended_at').first();
}

export async function lockOpenDrill(sql: Sql): Promise<DrillRow | undefined> {
  return sql<DrillRow>('drills').whereNull('ended_at').forUpdate().first();
}

/** Null when it changed since it was read. */
export async function updateDrill(
  sql: Sql,
  seen: Pick<DrillRow, 'id' | 'version'>,
  changes: Partial<Omit<DrillRow, 'id' | 'version'>>,
): Promise<DrillRow | null> {
  const [row] = await sql<DrillRow>('drills')
    .where({ id: seen.id, version: seen.version })
    .update({ ...changes, version: seen.version + 1 })
    .returning('*');
  return row ?? null;
}

/** Newest first. */
export async function listDrills(sql: Sql, limit: number): Promise<DrillRow[]> {
  return sql<DrillRow>('drills').orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit);
}

/** The last one that was gone through to its end before this one. */
export async function findDoneDrillBefore(sql: Sql, startedAt: number): Promise<DrillRow | undefined> {
  return sql<DrillRow>('drills')
    .where({ outcome: 'done' })
    .where('started_at', '<', startedAt)
    .orderBy('started_at', 'desc')
    .first();
}
