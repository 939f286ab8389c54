import type { Sql } from './connection.ts';

/** What was approved to be handed to the bank; never changed, never deleted. */
export type EvidenceDocumentRow = {
  run_id: string;
  dispute_id: string;
  customer_id: string;
  name: string;
  /** The PDF in base64. */
  content: string;
  /** Of the PDF's bytes. */
  sha256: string;
  /** JSON text: Stripe's fields and what stands in them. */
  fields: string;
  correlation_id: string;
  created_at: number;
};

export async function insertEvidenceDocument(sql: Sql, row: EvidenceDocumentRow): Promise<void> {
  await sql('evidence_documents').insert(row);
}

export async function findEvidenceDocument(
  sql: Sql,
  runId: string,
): Promise<EvidenceDocumentRow | undefined> {
  return sql<EvidenceDocumentRow>('evidence_documents').where({ run_id: runId }).first();
}
