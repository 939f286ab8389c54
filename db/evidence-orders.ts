import type { Sql } from './connection.ts';

/** What is to be preserved, or was; the bundle that comes of it has its id. */
export type EvidenceOrderRow = {
  id: string;
  customer_id: string;
  /** Null when fraud was suspected before anybody disputed. */
  dispute_id: string | null;
  cause: 'dispute' | 'fraud';
  actor: string;
  actor_name: string;
  reason: string | null;
  correlation_id: string;
  created_at: number;
  /** Null while its parts are being written. */
  done_at: number | null;
};

export async function insertEvidenceOrder(sql: Sql, row: EvidenceOrderRow): Promise<void> {
  await sql('evidence_orders').insert(row);
}

/** The newest one of a dispute. */
export async function findOrderOfDispute(sql: Sql, disputeId: string): Promise<EvidenceOrderRow | undefined> {
  return newest(sql).where({ dispute_id: disputeId }).first();
}

/** The newest one of a customer that is not done. */
export async function findOpenOrderOfCustomer(
  sql: Sql,
  customerId: string,
): Promise<EvidenceOrderRow | undefined> {
  return newest(sql).where({ customer_id: customerId }).whereNull('done_at').first();
}

export async function findOrder(sql: Sql, id: string): Promise<EvidenceOrderRow | undefined> {
  return sql<EvidenceOrderRow>('evidence_orders').where({ id }).first();
}

/** The oldest one that is not done. */
export async function findNextOrder(sql: Sql): Promise<EvidenceOrderRow | undefined> {
  return sql<EvidenceOrderRow>('evidence_orders').whereNull('done_at').orderBy('id').first();
}

/** False when it was done before. */
export async function endEvidenceOrder(sql: Sql, id: string, doneAt: number): Promise<boolean> {
  const ended = await sql('evidence_orders').where({ id }).whereNull('done_at').update({ done_at: doneAt });
  return ended === 1;
}

function newest(sql: Sql) {
  return sql<EvidenceOrderRow>('evidence_orders').orderBy([
    { column: 'created_at', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
}
