import type { Sql } from './connection.ts';

export type AiUsageRow = {
  usage_id: string;
  customer_id: string;
  credits: number;
  entry_id: string | null;
  hold_id: string | null;
  model: string | null;
  /** JSON text. */
  meta: string;
  /** When the call was made, as the product says. */
  at: number;
  received_at: number;
  actor: string;
  correlation_id: string;
};

export async function insertUsage(sql: Sql, row: AiUsageRow): Promise<void> {
  await sql('ai_usage').insert(row);
}

export async function findUsage(sql: Sql, usageId: string): Promise<AiUsageRow | undefined> {
  return sql<AiUsageRow>('ai_usage').where({ usage_id: usageId }).first();
}

export async function listUsages(sql: Sql, usageIds: readonly string[]): Promise<AiUsageRow[]> {
  return sql<AiUsageRow>('ai_usage').whereIn('usage_id', [...usageIds]);
}

export async function listUsageByCorrelation(sql: Sql, correlationId: string): Promise<AiUsageRow[]> {
  return sql<AiUsageRow>('ai_usage').where({ correlation_id: correlationId }).orderBy('at').limit(50);
}
