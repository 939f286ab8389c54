import type { Knex } from 'knex';
import type { AuditEventRow, AuditFilter, FoundAuditRow } from './audit-events.ts';
import type { Sql } from './connection.ts';
import type { CreditEntryRow } from './credit-entries.ts';
import type { SharedAuditRow } from './merge-audit.ts';

/** What an audit row that spends share says of them: who they are, in the order of their ids, and what they were. */
export type Covers = { first: string; last: string; spends: number; sha256: string };

/** Null when there is nothing to read, or a hand wrote what is no such thing. */
export function readCovers(text: string | null): Covers | null {
  try {
    const covers = JSON.parse(text ?? 'null') as Partial<Covers> | null;
    const { first, last, spends, sha256 } = covers ?? {};
    if (typeof first !== 'string' || typeof last !== 'string') return null;
    if (typeof spends !== 'number' || typeof sha256 !== 'string') return null;
    return { first, last, spends, sha256 };
  } catch {
    return null;
  }
}

/** What is done so that it may share a row; everything else has one of its own. */
export const sharedCommands: readonly string[] = ['credits consume', 'usage record'];

type SharedSpendRow = CreditEntryRow &
  Pick<AuditEventRow, 'actor_name' | 'person' | 'surface' | 'command' | 'customer_id'> &
  Pick<FoundAuditRow, 'customer_email' | 'seal_seq' | 'seal_hash'> & {
    /** Of the row that it shares; null in an anonymised copy. */
    covers: string | null;
  };

/** The entries that share an audit row, each with what that row and its seal say of it. */
async function sharedSpends(
  sql: Sql,
  narrow: (query: Knex.QueryBuilder) => unknown,
): Promise<SharedAuditRow[]> {
  return (await readShared(sql, narrow)).filter(isCovered).map(auditOfSpend);
}

/** The same up to so many; what a hand put in between takes nobody's place. */
async function sharedUpTo(
  sql: Sql,
  limit: number,
  narrow: (query: Knex.QueryBuilder, last: SharedSpendRow | undefined) => unknown,
): Promise<SharedAuditRow[]> {
  const found: SharedAuditRow[] = [];
  for (let last: SharedSpendRow | undefined; found.length < limit; ) {
    const rows = await readShared(sql, (query) => narrow(query.limit(limit), last));
    found.push(...rows.filter(isCovered).map(auditOfSpend));
    if (rows.length < limit) break;
    last = rows.at(-1);
  }
  return found.slice(0, limit);
}

async function readShared(
  sql: Sql,
  narrow: (query: Knex.QueryBuilder) => unknown,
): Promise<SharedSpendRow[]> {
  const query = sql('credit_entries as e')
    .join('audit_events as s', 's.id', 'e.audit_id')
    .join('credit_accounts as a', 'a.id', 'e.account_id')
    .leftJoin('customers as c', 'c.id', 'a.customer_id')
    .leftJoin('audit_seals as q', 'q.audit_id', 's.id')
    .select('e.*', 's.actor_name', 's.person', 's.surface', 's.command', 'a.customer_id')
    .select('s.covers', 'c.email as customer_email', 'q.seq as seal_seq', 'q.hash as seal_hash');
  narrow(query);
  return query;
}

/** What a hand put under a row that does not know it is no part of the audit. */
function isCovered({ id, covers }: SharedSpendRow): boolean {
  const range = readCovers(covers);
  return range === null || (range.first <= id && id <= range.last);
}

/** One spend of many under one audit row, as an audit row of its own reads. Its id is that of its entry. */
function auditOfSpend(row: SharedSpendRow): SharedAuditRow {
  const amount = -row.amount;
  const asked = row.source_kind === 'usage' ? { usage: row.source_id } : {};
  return {
    id: row.id.replace('led', 'aud'),
    at: row.at,
    actor_id: row.actor,
    actor_name: row.actor_name,
    person: row.person,
    surface: row.surface,
    command: row.command,
    outcome: 'done',
    run_id: null,
    customer_id: row.customer_id,
    // By id: the customer may have another email today than when it was asked.
    input: JSON.stringify({ customer: row.customer_id, ...asked, amount }),
    before: JSON.stringify({ credits: row.balance_after + amount }),
    after: JSON.stringify({ credits: row.balance_after, entry: row.id }),
    reason: row.reason,
    ticket: row.ticket,
    correlation_id: row.correlation_id,
    approval_id: null,
    approved_by: null,
    break_glass: null,
    covers: null,
    customer_email: row.customer_email,
    seal_seq: row.seal_seq,
    seal_hash: row.seal_hash,
    shared_id: row.audit_id,
    seq: row.seq,
  };
}

/** By the id that such a spend has as an audit row. */
export async function findSharedAudit(sql: Sql, auditId: string): Promise<AuditEventRow | undefined> {
  const [found] = await sharedSpends(sql, (query) => query.where('e.id', entryIdOf(auditId)));
  return found;
}

/** In the order of their ids. */
export async function listSharedByCorrelation(
  sql: Sql,
  correlationId: string,
  limit: number,
): Promise<AuditEventRow[]> {
  return sharedUpTo(sql, limit, (query, last) => {
    query.where('e.correlation_id', correlationId).orderBy('e.id');
    if (last !== undefined) query.where('e.id', '>', last.id);
  });
}

/** Everything that one audit row covers, newest first; of these, what is older than that audit id. */
export async function listSharedOf(
  sql: Sql,
  { id, covers }: Pick<AuditEventRow, 'id' | 'covers'>,
  before: string | null,
): Promise<FoundAuditRow[]> {
  const range = readCovers(covers);
  if (!range) return [];
  return sharedSpends(sql, (query) => {
    query.whereBetween('e.id', [range.first, range.last]).where('e.audit_id', id).orderBy('e.id', 'desc');
    if (before !== null) query.where('e.id', '<', entryIdOf(before));
  });
}

/**
 * A page of what one customer spent so, as a search of the audit asks for it: newest first, from behind this place in the
 * ledger on, or oldest first. By the place and not by the moment, because that order has an index.
 */
export async function searchSharedSpends(
  sql: Sql,
  filter: AuditFilter & { customerId: string },
  afterSeq: number | null,
  limit: number,
  order: 'asc' | 'desc' = 'desc',
): Promise<SharedAuditRow[]> {
  // Not even looked for: it would walk through the whole account to find nothing.
  if (filter.command !== undefined && !sharedCommands.includes(filter.command)) return [];
  if (filter.ticket !== undefined || (filter.outcome ?? 'done') !== 'done') return [];
  const account = await sql('credit_accounts').where({ customer_id: filter.customerId }).first('id');
  if (!account) return [];
  return sharedUpTo(sql, limit, (query, last) => {
    query.where('e.account_id', account.id).orderBy('e.seq', order);
    if (filter.persons !== undefined) query.whereIn('s.person', [...filter.persons]);
    if (filter.actorName !== undefined) query.whereRaw('lower(s.actor_name) = lower(?)', [filter.actorName]);
    if (filter.command !== undefined) query.where('s.command', filter.command);
    if (filter.from !== undefined) query.where('e.at', '>=', filter.from);
    if (filter.to !== undefined) query.where('e.at', '<=', filter.to);
    const behind = last?.seq ?? afterSeq;
    if (behind !== null) query.where('e.seq', order === 'desc' ? '<' : '>', behind);
  });
}

/** The entries that an audit row covers, in the order in which they were hashed. */
export async function listCovered(sql: Sql, auditId: string, covers: Covers): Promise<CreditEntryRow[]> {
  return sql<CreditEntryRow>('credit_entries')
    .whereBetween('id', [covers.first, covers.last])
    .where({ audit_id: auditId })
    .orderBy('id');
}

function entryIdOf(auditId: string): string {
  return auditId.replace('aud', 'led');
}

/** A spend without a row of `api_requests`: its entry says what was asked, and the answer is made of it again. */
export type SpentUnder = CreditEntryRow & { customer_id: string; email: string };

export async function findSpentUnder(sql: Sql, entryKey: string): Promise<SpentUnder | undefined> {
  return sql('credit_entries as e')
    .join('credit_accounts as a', 'a.id', 'e.account_id')
    .join('customers as c', 'c.id', 'a.customer_id')
    .where('e.idempotency_key', entryKey)
    .whereNotNull('e.asked')
    .first('e.*', 'c.id as customer_id', 'c.email');
}
