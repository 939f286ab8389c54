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

export type AuditFilter = {
  customerId?: string;
  /** Any of these ids of one human. */
  persons?: readonly string[];
  /** As colleagues know them, in any case. */
  actorName?: string;
  command?: string;
  ticket?: string;
  outcome?: AuditEventRow['outcome'];
  /** Milliseconds, both included. */
  from?: number;
  to?: number;
};

/** An audit row with what a reader wants beside it. */
export type FoundAuditRow = AuditEventRow & {
  customer_email: string | null;
  seal_seq: number | null;
  seal_hash: string | null;
};

/** A page of what matches, newest first, from behind this row on. */
export async function searchAuditEvents(
  sql: Sql,
  filter: AuditFilter,
  after: Pick<AuditEventRow, 'at' | 'id'> | null,
  limit: number,
): Promise<FoundAuditRow[]> {
  const query = sql('audit_events as e')
    .leftJoin('audit_seals as s', 's.audit_id', 'e.id')
    .leftJoin('customers as c', 'c.id', 'e.customer_id')
    .orderBy([
      { column: 'e.at', order: 'desc' },
      { column: 'e.id', order: 'desc' },
    ])
    .limit(limit)
    .select('e.*', 'c.email as customer_email', 's.seq as seal_seq', 's.hash as seal_hash');
  if (filter.customerId !== undefined) query.where('e.customer_id', filter.customerId);
  if (filter.persons !== undefined) query.whereIn('e.person', [...filter.persons]);
  if (filter.actorName !== undefined) query.whereRaw('lower(e.actor_name) = lower(?)', [filter.actorName]);
  if (filter.command !== undefined) query.where('e.command', filter.command);
  if (filter.ticket !== undefined) query.where('e.ticket', filter.ticket);
  if (filter.outcome !== undefined) query.where('e.outcome', filter.outcome);
  // Said again in the words of the index, which leaves out what was done: nearly everything.
  if (filter.outcome === 'refused' || filter.outcome === 'failed') query.whereRaw("e.outcome <> 'done'");
  if (filter.from !== undefined) query.where('e.at', '>=', filter.from);
  if (filter.to !== undefined) query.where('e.at', '<=', filter.to);
  if (after) query.whereRaw('(e.at, e.id) < (?, ?)', [after.at, after.id]);
  return query;
}

export async function findAuditEvent(sql: Sql, id: string): Promise<AuditEventRow | undefined> {
  return sql<AuditEventRow>('audit_events').where({ id }).first();
}

/** What was done without a second person, because the glass was broken. */
export async function listAuditUnderGlass(sql: Sql, glassId: string): Promise<AuditEventRow[]> {
  return sql<AuditEventRow>('audit_events').where({ break_glass: glassId }).orderBy('id').limit(200);
}
