import { engineOf, type Sql } from './connection.ts';

export type RunbookRunRow = {
  id: string;
  runbook: string;
  /** Empty for none, as is the ticket. */
  customer_id: string;
  ticket: string;
  person: string;
  actor_id: string;
  actor_name: string;
  /** Where its card stands; null: nowhere in Slack. */
  target: string | null;
  state: 'open' | 'done' | 'closed';
  version: number;
  /** Evidence counts from here on. */
  since: number;
  started_at: number;
  ended_at: number | null;
  ended_name: string | null;
  end_reason: string | null;
  correlation_id: string;
};

/** False when the same runbook is open for the same customer and ticket already. */
export async function insertRunbookRun(sql: Sql, row: RunbookRunRow): Promise<boolean> {
  const inserted = await sql('runbook_runs').insert(row).onConflict().ignore().returning('id');
  return inserted.length > 0;
}

export async function findRunbookRun(sql: Sql, id: string): Promise<RunbookRunRow | undefined> {
  return sql<RunbookRunRow>('runbook_runs').where({ id }).first();
}

export async function lockRunbookRun(sql: Sql, id: string): Promise<RunbookRunRow | undefined> {
  const query = sql<RunbookRunRow>('runbook_runs').where({ id }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

export async function findOpenRunbookRun(
  sql: Sql,
  about: Pick<RunbookRunRow, 'runbook' | 'customer_id' | 'ticket'>,
): Promise<RunbookRunRow | undefined> {
  const { runbook, customer_id, ticket } = about;
  return sql<RunbookRunRow>('runbook_runs').where({ runbook, customer_id, ticket, state: 'open' }).first();
}

/** Newest first. */
export async function listOpenRunbookRuns(sql: Sql, limit: number): Promise<RunbookRunRow[]> {
  return sql<RunbookRunRow>('runbook_runs')
    .where({ state: 'open' })
    .orderBy('started_at', 'desc')
    .limit(limit);
}

export async function updateRunbookRun(
  sql: Sql,
  held: Pick<RunbookRunRow, 'id' | 'version'>,
  patch: Partial<RunbookRunRow>,
): Promise<void> {
  await sql('runbook_runs')
    .where({ id: held.id, version: held.version })
    .update({ ...patch, version: held.version + 1 });
}
