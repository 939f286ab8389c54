import type { Sql } from './connection.ts';
import { mergeAudit, type Place } from './merge-audit.ts';
import {
  findSharedAudit,
  listSharedByCorrelation,
  listSharedOf,
  searchSharedSpends,
} from './shared-spends.ts';

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
  /** JSON text: which ledger entries this one row is the audit of (`Covers` in db/shared-spends.ts). */
  covers: string | null;
};

export async function insertAuditEvent(sql: Sql, row: AuditEventRow): Promise<void> {
  await sql('audit_events').insert(row);
}

const LISTED_MAX = 200;

/** Everything under one correlation id; a spend that shares its audit row (decision 0025) is there as one of its own. */
export async function listAuditByCorrelation(sql: Sql, correlationId: string): Promise<AuditEventRow[]> {
  const own = await sql<AuditEventRow>('audit_events')
    .where({ correlation_id: correlationId })
    .orderBy('id')
    .limit(LISTED_MAX);
  return inOrder([...own, ...(await listSharedByCorrelation(sql, correlationId, LISTED_MAX))]);
}

function inOrder<Row extends { id: string }>(rows: Row[]): Row[] {
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, LISTED_MAX);
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
  const own = await sql<AuditEventRow>('audit_events')
    .where({ customer_id: customerId })
    .whereBetween('at', [from, to])
    .orderBy('id')
    .limit(LISTED_MAX);
  return inOrder([
    ...own,
    ...(await searchSharedSpends(sql, { customerId, from, to }, null, LISTED_MAX, 'asc')),
  ]);
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
  /** The audit row under which it stands with others; of nearly every row null. */
  shared_id: string | null;
  /** Of a search of one customer: where it goes on. */
  behind?: Place;
};

/**
 * A page of what matches, newest first, from behind this row of the page before on. A row that many spends share is each
 * of them: of one customer only theirs, found by the entries; else all, at the moment of the last of them.
 */
export async function searchAuditEvents(
  sql: Sql,
  filter: AuditFilter,
  after: FoundAuditRow | null,
  limit: number,
): Promise<FoundAuditRow[]> {
  const { customerId } = filter;
  if (customerId === undefined) return searchEverybody(sql, filter, after, limit);
  const from = after?.behind ?? { own: after, seq: null };
  const own = await searchRows(sql, filter, from.own, limit);
  const shared = await searchSharedSpends(sql, { ...filter, customerId }, from.seq, limit);
  return mergeAudit(own, shared, from, limit);
}

/** Behind one of many that share a row come the rest of them, and then what is behind that row. */
async function searchEverybody(
  sql: Sql,
  filter: AuditFilter,
  after: FoundAuditRow | null,
  limit: number,
): Promise<FoundAuditRow[]> {
  const shared = after?.shared_id ? await findAuditEvent(sql, after.shared_id) : undefined;
  const found = shared && after ? await listSharedOf(sql, shared, after.id) : [];
  let behind: Pick<AuditEventRow, 'at' | 'id'> | null = shared ?? after;
  for (let isLast = false; !isLast && found.length < limit; ) {
    const wanted = limit - found.length;
    const rows = await searchRows(sql, filter, behind, wanted);
    for (const row of rows) {
      if (found.length >= limit) break;
      found.push(...(await spendsOrRow(sql, row)));
    }
    isLast = rows.length < wanted;
    behind = rows.at(-1) ?? null;
  }
  return found.slice(0, limit);
}

/** A row whose spends cannot be told any more, because a hand was at it or at them, is seen itself. */
async function spendsOrRow(sql: Sql, row: FoundAuditRow): Promise<FoundAuditRow[]> {
  const spends = row.covers === null ? [] : await listSharedOf(sql, row, null);
  return spends.length > 0 ? spends : [row];
}

async function searchRows(
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
    .select('e.*', 'c.email as customer_email', 's.seq as seal_seq', 's.hash as seal_hash')
    .select(sql.raw('null as shared_id'));
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
  return (await sql<AuditEventRow>('audit_events').where({ id }).first()) ?? findSharedAudit(sql, id);
}

/** What was done without a second person, because the glass was broken. */
export async function listAuditUnderGlass(sql: Sql, glassId: string): Promise<AuditEventRow[]> {
  return sql<AuditEventRow>('audit_events').where({ break_glass: glassId }).orderBy('id').limit(200);
}
