import type { Sql } from './connection.ts';

/** The credits that a batch brought, the most of one line, and what is left of all. */
export async function sumGrantedAndLeft(
  sql: Sql,
  batchId: string,
): Promise<{ granted: number; left: number; largest: number }> {
  const row = await sql('credit_lots')
    .where({ source_kind: 'import' })
    .where('source_id', '>=', `${batchId}:`)
    .where('source_id', '<', `${batchId};`)
    .sum({ granted: 'granted', left: 'remaining' })
    .max({ largest: 'granted' })
    .first();
  return {
    granted: Number(row?.granted ?? 0),
    left: Number(row?.left ?? 0),
    largest: Number(row?.largest ?? 0),
  };
}
