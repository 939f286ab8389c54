import type { Sql } from './connection.ts';

export type RunbookStepRow = {
  run_id: string;
  seq: number;
  key: string;
  /** As it read when the runbook was started. */
  says: string;
  ticked_at: number | null;
  ticked_name: string | null;
  ticked_by: 'hand' | 'evidence' | null;
  /** What ticked it, or why nothing did yet. */
  note: string | null;
};

export async function insertRunbookSteps(sql: Sql, rows: readonly RunbookStepRow[]): Promise<void> {
  await sql('runbook_steps').insert([...rows]);
}

export async function listRunbookSteps(sql: Sql, runId: string): Promise<RunbookStepRow[]> {
  return sql<RunbookStepRow>('runbook_steps').where({ run_id: runId }).orderBy('seq');
}

export async function updateRunbookStep(
  sql: Sql,
  step: Pick<RunbookStepRow, 'run_id' | 'seq'>,
  patch: Partial<RunbookStepRow>,
): Promise<void> {
  await sql('runbook_steps').where({ run_id: step.run_id, seq: step.seq }).update(patch);
}
