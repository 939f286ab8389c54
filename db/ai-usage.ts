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
