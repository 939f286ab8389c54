import { engineOf, type Sql } from './connection.ts';

export type BreakGlassRow = {
  id: string;
  person: string;
  actor_id: string;
  actor_name: string;
  reason: string;
  ticket: string;
  started_at: number;
  /** Over at this moment by itself. */
  ends_at: number;
  /** Null also while nobody has noticed yet that it is over. */
  ended_at: number | null;
  /** The person who ended it early; null when it ended by itself. */
  ended_by: string | null;
  ended_name: string | null;
  reviewed_at: number | null;
  reviewer_person: string | null;
  reviewer_id: string | null;
  reviewer_name: string | null;
  review_note: string | null;
  correlation_id: string;
};

/** One line of what was done under a break-glass. */
export type DoneUnderRow = {
  at: number;
  command: string;
  outcome: 'done' | 'refused' | 'failed';
  run_id: string | null;
  /** JSON text of the run's receipt. */
  reply: string | null;
};

/** False when this person has one already. */
export async function insertBreakGlass(sql: Sql, row: BreakGlassRow): Promise<boolean> {
  const inserted = await sql('break_glass').insert(row).onConflict().ignore().returning('id');
  return inserted.length > 0;
}

export async function findBreakGlass(sql: Sql, id: string): Promise<BreakGlassRow | undefined> {
  return sql<BreakGlassRow>('break_glass').where({ id }).first();
}

/** What is in force for this person at a moment. Inside a transaction it is not ended until that is through. */
export async function findGlassInForce(
  sql: Sql,
  person: string,
  now: number,
): Promise<BreakGlassRow | undefined> {
  const query = sql<BreakGlassRow>('break_glass')
    .where({ person })
    .whereNull('ended_at')
    .where('started_at', '<=', now)
    .where('ends_at', '>', now)
    .first();
  return engineOf(sql) === 'postgres' ? query.forShare() : query;
}

/** The one that nobody ended, in force or over; a person has one at most. */
export async function findUnendedGlass(sql: Sql, person: string): Promise<BreakGlassRow | undefined> {
  return sql<BreakGlassRow>('break_glass').where({ person }).whereNull('ended_at').first();
}

/** False when it was ended before. */
export async function endBreakGlass(
  sql: Sql,
  id: string,
  end: Pick<BreakGlassRow, 'ended_at' | 'ended_by' | 'ended_name'>,
): Promise<boolean> {
  return (await sql('break_glass').where({ id }).whereNull('ended_at').update(end)) === 1;
}

/** False when it was signed before, or is not over. */
export async function signBreakGlass(
  sql: Sql,
  id: string,
  review: Pick<
    BreakGlassRow,
    'reviewed_at' | 'reviewer_person' | 'reviewer_id' | 'reviewer_name' | 'review_note'
  >,
): Promise<boolean> {
  const signed = await sql('break_glass')
    .where({ id })
    .whereNotNull('ended_at')
    .whereNull('reviewed_at')
    .update(review);
  return signed === 1;
}

/** Open ones and those that wait for their review, oldest first. */
export async function listUnreviewedGlasses(sql: Sql, limit: number): Promise<BreakGlassRow[]> {
  return sql<BreakGlassRow>('break_glass').whereNull('reviewed_at').orderBy('started_at').limit(limit);
}

/** Over, and looked at by nobody yet. */
export async function countUnreviewedOf(sql: Sql, person: string): Promise<number> {
  const row = await sql('break_glass')
    .where({ person })
    .whereNotNull('ended_at')
    .whereNull('reviewed_at')
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

/** Newest first. */
export async function listReviewedGlasses(sql: Sql, limit: number): Promise<BreakGlassRow[]> {
  return sql<BreakGlassRow>('break_glass')
    .whereNotNull('reviewed_at')
    .orderBy('started_at', 'desc')
    .limit(limit);
}

/** The audit rows that carry its mark, each with the receipt of its run; oldest first. */
export async function listDoneUnderGlass(sql: Sql, id: string, limit: number): Promise<DoneUnderRow[]> {
  return sql('audit_events')
    .leftJoin('runs', 'runs.id', 'audit_events.run_id')
    .where('audit_events.break_glass', id)
    .orderBy('audit_events.id')
    .limit(limit)
    .select(
      'audit_events.at',
      'audit_events.command',
      'audit_events.outcome',
      'audit_events.run_id',
      'runs.reply',
    );
}
