import type { Sql } from './connection.ts';

/** The credits that a batch brought, the most of one customer, and what is left of all. */
export async function sumGrantedAndLeft(
  sql: Sql,
  batchId: string,
): Promise<{ granted: number; left: number; largest: number }> {
  const lots = () =>
    sql('credit_lots')
      .where({ source_kind: 'import' })
      .where('source_id', '>=', `${batchId}:`)
      .where('source_id', '<', `${batchId};`);
  const row = await lots().sum({ granted: 'granted', left: 'remaining' }).first();
  const most = await lots()
    .groupBy('account_id')
    .orderBy('granted', 'desc')
    .sum({ granted: 'granted' })
    .first();
  return {
    granted: Number(row?.granted ?? 0),
    left: Number(row?.left ?? 0),
    largest: Number(most?.granted ?? 0),
  };
}
