import type { Sql } from './connection.ts';

export type ReportRow = {
  report_id: string;
  customer_id: string;
  kind: string | null;
  /** JSON text. */
  meta: string;
  /** When it was made, as the product says. */
  at: number;
  received_at: number;
  actor: string;
  correlation_id: string;
};

export async function insertReport(sql: Sql, row: ReportRow): Promise<void> {
  await sql('reports').insert(row);
}
