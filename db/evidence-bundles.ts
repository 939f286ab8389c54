import type { Sql } from './connection.ts';

/** Everything that was known of a customer at one moment; never changed, never deleted. */
export type EvidenceBundleRow = {
  id: string;
  customer_id: string;
  /** Null when fraud was suspected before anybody disputed. */
  dispute_id: string | null;
  cause: 'dispute' | 'fraud';
  /** JSON text: the parts with their sha256. */
  manifest: string;
  /** Of the manifest's text. */
  sha256: string;
  legal_hold: number;
  actor: string;
  reason: string | null;
  correlation_id: string;
  created_at: number;
};

export type EvidencePartRow = { bundle_id: string; seq: number; name: string; content: string };

export async function insertEvidenceBundle(sql: Sql, row: EvidenceBundleRow): Promise<void> {
  await sql('evidence_bundles').insert(row);
}

/** Nothing when somebody else wrote it meanwhile. */
export async function insertEvidencePart(sql: Sql, row: EvidencePartRow): Promise<void> {
  await sql('evidence_parts').insert(row).onConflict(['bundle_id', 'seq']).ignore();
}

export async function findEvidencePart(
  sql: Sql,
  bundleId: string,
  seq: number,
): Promise<EvidencePartRow | undefined> {
  return sql<EvidencePartRow>('evidence_parts').where({ bundle_id: bundleId, seq }).first();
}

/** The one that was written last. */
export async function findLastPart(sql: Sql, bundleId: string): Promise<EvidencePartRow | undefined> {
  return sql<EvidencePartRow>('evidence_parts').where({ bundle_id: bundleId }).orderBy('seq', 'desc').first();
}

/** The newest one of a dispute. */
export async function findBundleOfDispute(
  sql: Sql,
  disputeId: string,
): Promise<EvidenceBundleRow | undefined> {
  return sql<EvidenceBundleRow>('evidence_bundles')
    .where({ dispute_id: disputeId })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first();
}

export async function findBundle(sql: Sql, id: string): Promise<EvidenceBundleRow | undefined> {
  return sql<EvidenceBundleRow>('evidence_bundles').where({ id }).first();
}

/** Newest first. */
export async function listBundlesOfCustomer(sql: Sql, customerId: string): Promise<EvidenceBundleRow[]> {
  return sql<EvidenceBundleRow>('evidence_bundles')
    .where({ customer_id: customerId })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(100);
}

export async function listEvidenceParts(sql: Sql, bundleId: string): Promise<EvidencePartRow[]> {
  return sql<EvidencePartRow>('evidence_parts').where({ bundle_id: bundleId }).orderBy('seq');
}

/** Customers of whom nothing may be pruned: from the moment at which their evidence was asked for. */
export function customersUnderHold(sql: Sql) {
  return sql('evidence_bundles')
    .where({ legal_hold: 1 })
    .select('customer_id')
    .union(sql('evidence_orders').select('customer_id'));
}
