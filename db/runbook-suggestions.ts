import type { Sql } from './connection.ts';

export type RunbookSuggestionRow = {
  id: string;
  runbook: string;
  suggestion: string;
  /** Empty for none. */
  ticket: string;
  person: string;
  actor_id: string;
  actor_name: string;
  state: 'open' | 'accepted' | 'declined';
  decided_name: string | null;
  /** What its owner said. */
  decision: string | null;
  decided_at: number | null;
  created_at: number;
  correlation_id: string;
};

export async function insertSuggestion(sql: Sql, row: RunbookSuggestionRow): Promise<void> {
  await sql('runbook_suggestions').insert(row);
}

export async function findSuggestion(sql: Sql, id: string): Promise<RunbookSuggestionRow | undefined> {
  return sql<RunbookSuggestionRow>('runbook_suggestions').where({ id }).first();
}

/** Oldest first; of one runbook, or of all. */
export async function listOpenSuggestions(
  sql: Sql,
  runbook: string | null,
  limit: number,
): Promise<RunbookSuggestionRow[]> {
  const query = sql<RunbookSuggestionRow>('runbook_suggestions')
    .where({ state: 'open' })
    .orderBy('created_at')
    .limit(limit);
  return runbook === null ? query : query.where({ runbook });
}

/** Newest first. */
export async function listDecidedSuggestions(sql: Sql, limit: number): Promise<RunbookSuggestionRow[]> {
  return sql<RunbookSuggestionRow>('runbook_suggestions')
    .whereNot({ state: 'open' })
    .orderBy('decided_at', 'desc')
    .limit(limit);
}

/** The first that was made for this ticket. */
export async function findSuggestionFor(
  sql: Sql,
  ticket: string,
  since: number,
): Promise<RunbookSuggestionRow | undefined> {
  return sql<RunbookSuggestionRow>('runbook_suggestions')
    .where({ ticket })
    .where('created_at', '>=', since)
    .orderBy('created_at')
    .first();
}

/** False when somebody else decided it before. */
export async function decideSuggestion(
  sql: Sql,
  id: string,
  decided: Pick<RunbookSuggestionRow, 'state' | 'decided_name' | 'decision' | 'decided_at'>,
): Promise<boolean> {
  return (await sql('runbook_suggestions').where({ id, state: 'open' }).update(decided)) === 1;
}
