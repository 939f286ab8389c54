import { engineOf, type Sql } from './connection.ts';

export type InvestigationRow = {
  id: string;
  ticket: string;
  customer_id: string | null;
  request_id: string | null;
  around_at: number | null;
  window_ms: number;
  state: 'open' | 'closed';
  /** JSON text of what was found when it was last looked at. */
  evidence: string;
  looked_at: number;
  target: string;
  version: number;
  person: string;
  actor_id: string;
  actor_name: string;
  opened_at: number;
  patch_url: string | null;
  test_url: string | null;
  closed_at: number | null;
  closed_name: string | null;
  close_reason: string | null;
  /** Closed without a change of the code. */
  no_change_at: number | null;
  correlation_id: string;
};

export type InvestigationStep = 'correlate' | 'logs' | 'reproduce' | 'patch';

export type InvestigationStepRow = {
  investigation_id: string;
  step: InvestigationStep;
  ticked_at: number;
  ticked_name: string;
  ticked_by: 'hand' | 'evidence';
  note: string;
};

/** False when the ticket has a case already. */
export async function insertInvestigation(sql: Sql, row: InvestigationRow): Promise<boolean> {
  const inserted = await sql('investigations').insert(row).onConflict('ticket').ignore().returning('id');
  return inserted.length > 0;
}

export async function findInvestigation(sql: Sql, id: string): Promise<InvestigationRow | undefined> {
  return sql<InvestigationRow>('investigations').where({ id }).first();
}

export async function findInvestigationOf(sql: Sql, ticket: string): Promise<InvestigationRow | undefined> {
  return sql<InvestigationRow>('investigations').where({ ticket }).first();
}

/** Reads it and holds it, so that of two people who change it one waits for the other. */
export async function lockInvestigationOf(sql: Sql, ticket: string): Promise<InvestigationRow | undefined> {
  const query = sql<InvestigationRow>('investigations').where({ ticket }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

/** Newest first. */
export async function listInvestigations(
  sql: Sql,
  state: InvestigationRow['state'],
  limit: number,
): Promise<InvestigationRow[]> {
  return sql<InvestigationRow>('investigations').where({ state }).orderBy('opened_at', 'desc').limit(limit);
}

export async function updateInvestigation(
  sql: Sql,
  held: Pick<InvestigationRow, 'id' | 'version'>,
  patch: Partial<InvestigationRow>,
): Promise<void> {
  await sql('investigations')
    .where({ id: held.id, version: held.version })
    .update({ ...patch, version: held.version + 1 });
}

export async function listInvestigationSteps(
  sql: Sql,
  investigationId: string,
): Promise<InvestigationStepRow[]> {
  return sql<InvestigationStepRow>('investigation_steps').where({ investigation_id: investigationId });
}

/** The first tick stands; a later look or click adds nothing. */
export async function tickInvestigationStep(sql: Sql, row: InvestigationStepRow): Promise<boolean> {
  const inserted = await sql('investigation_steps')
    .insert(row)
    .onConflict(['investigation_id', 'step'])
    .ignore()
    .returning('step');
  return inserted.length > 0;
}

export async function untickInvestigationStep(
  sql: Sql,
  investigationId: string,
  step: InvestigationStep,
): Promise<void> {
  await sql('investigation_steps').where({ investigation_id: investigationId, step }).delete();
}
