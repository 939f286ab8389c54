import type { Sql } from './connection.ts';

export type RenderRow = {
  id: string;
  kind: 'chart' | 'pdf';
  /** JSON of the chart or the document. */
  task: string;
  /** JSON of what became of it, bytes in base64. */
  result: string | null;
  problem: string | null;
  state: 'waiting' | 'taken' | 'done' | 'failed';
  lease_token: string | null;
  created_at: number;
};

export async function insertRender(
  sql: Sql,
  row: Pick<RenderRow, 'id' | 'kind' | 'task' | 'created_at'>,
): Promise<void> {
  await sql('renders').insert({ ...row, state: 'waiting' });
}

/** The oldest that nobody has, asked for since then: whoever asked earlier waits no more. */
export async function findWaitingRender(sql: Sql, since: number): Promise<RenderRow | undefined> {
  return sql<RenderRow>('renders')
    .where({ state: 'waiting' })
    .where('created_at', '>=', since)
    .orderBy('id')
    .first();
}

export async function findRender(sql: Sql, id: string): Promise<RenderRow | undefined> {
  return sql<RenderRow>('renders').where({ id }).first();
}

/** False when somebody else was quicker. */
export async function takeRender(sql: Sql, id: string, token: string): Promise<boolean> {
  const taken = await sql('renders')
    .where({ id, state: 'waiting' })
    .update({ state: 'taken', lease_token: token });
  return taken === 1;
}

export async function settleRender(
  sql: Sql,
  id: string,
  token: string,
  patch: Pick<RenderRow, 'state' | 'result' | 'problem'>,
): Promise<void> {
  await sql('renders').where({ id, lease_token: token }).update(patch);
}

export async function deleteRender(sql: Sql, id: string): Promise<void> {
  await sql('renders').where({ id }).delete();
}

/** What nobody fetched. */
export async function deleteRendersBefore(sql: Sql, before: number): Promise<number> {
  return sql('renders').where('created_at', '<', before).delete();
}
