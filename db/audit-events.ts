import type { Sql } from './connection.ts';

export type AuditEventRow = {
  id: string;
  at: number;
  actor_id: string;
  actor_name: string;
  person: string;
  surface: string;
  command: string;
  outcome: 'done' | 'refused' | 'failed';
  run_id: string | null;
  customer_id: string | null;
  /** JSON text. */
  input: string;
  before: string;
  after: string;
  reason: string | null;
  ticket: string | null;
  correlation_id: string;
  approval_id: string | null;
  /** JSON text: `[{ person, name, at }]`. */
  approved_by: string | null;
  /** The break-glass period under which it was done. */
  break_glass: string | null;
};

export async function insertAuditEvent(sql: Sql, row: AuditEventRow): Promise<void> {
  await sql('audit_events').insert(row);
}

export async function listAuditByCorrelation(sql: Sql, correlationId: string): Promise<AuditEventRow[]> {
  return sql<AuditEventRow>('audit_events').where({ correlation_id: correlationId }).orderBy('id').limit(200);
}

export async function listAuditByTicket(sql: Sql, ticket: string): Promise<AuditEventRow[]> {
  return sql<AuditEventRow>('audit_events').where({ ticket }).orderBy('id', 'desc').limit(50);
}

export async function listAuditByCustomer(
  sql: Sql,
  customerId: string,
  from: number,
  to: number,
): Promise<AuditEventRow[]> {
  return sql<AuditEventRow>('audit_events')
    .where({ customer_id: customerId })
    .whereBetween('at', [from, to])
    .orderBy('id')
    .limit(200);
}

export async function findAuditEvent(sql: Sql, id: string): Promise<AuditEventRow | undefined> {
  return sql<AuditEventRow>('audit_events').where({ id }).first();
}
