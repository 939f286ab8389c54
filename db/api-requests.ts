import type { Sql } from './connection.ts';

export type ApiRequestRow = {
  /** What kind of key it is: the caller's own, a usage id, a report id. */
  scope: string;
  key: string;
  fingerprint: string;
  status: number | null;
  answer: string | null;
  at: number;
};

/**
 * Takes the key for this transaction: true for the first that comes. Another one with the same key waits here until
 * the first has committed, and gets false; or true, when the first was rolled back.
 */
export async function claimRequest(
  sql: Sql,
  row: Pick<ApiRequestRow, 'scope' | 'key' | 'fingerprint' | 'at'>,
): Promise<boolean> {
  const inserted = await sql('api_requests')
    .insert(row)
    .onConflict(['scope', 'key'])
    .ignore()
    .returning('key');
  return inserted.length > 0;
}

export async function findRequest(sql: Sql, scope: string, key: string): Promise<ApiRequestRow | undefined> {
  return sql<ApiRequestRow>('api_requests').where({ scope, key }).first();
}

export async function keepAnswer(
  sql: Sql,
  scope: string,
  key: string,
  answer: { status: number; text: string },
): Promise<void> {
  await sql('api_requests').where({ scope, key }).update({ status: answer.status, answer: answer.text });
}

/** Forgets answers, a part at a time; returns how many. */
export async function deleteRequestsBefore(sql: Sql, before: number, limit: number): Promise<number> {
  const some = sql('api_requests').where('at', '<', before).orderBy('at').limit(limit).select('scope', 'key');
  return sql('api_requests').whereIn(['scope', 'key'], some).delete();
}
