import type { Sql } from './connection.ts';

export type CreditEntryType = 'grant' | 'spend' | 'expire' | 'reverse' | 'reinstate';

export type CreditEntryRow = {
  id: string;
  account_id: string;
  seq: number;
  type: CreditEntryType;
  amount: number;
  balance_after: number;
  idempotency_key: string;
  fingerprint: string;
  source_kind: string;
  source_id: string;
  reversal_of: string | null;
  actor: string;
  reason: string | null;
  ticket: string | null;
  correlation_id: string;
  at: number;
  /** The one lot that it drew on; null when its lots stand in `credit_allocations`. */
  lot_id: string | null;
  /** The audit row that it shares with other spends of its transaction. */
  audit_id: string | null;
  /** The fingerprint of the request that it answered, where no row of `api_requests` keeps the answer. */
  asked: string | null;
};

export type AllocationRow = { entry_id: string; lot_id: string; amount: number };

export async function insertEntry(
  sql: Sql,
  row: CreditEntryRow,
  allocations: AllocationRow[],
): Promise<void> {
  await sql('credit_entries').insert(row);
  if (allocations.length > 0) await sql('credit_allocations').insert(allocations);
}

export async function findEntry(sql: Sql, id: string): Promise<CreditEntryRow | undefined> {
  return sql<CreditEntryRow>('credit_entries').where({ id }).first();
}

export async function findEntryByKey(sql: Sql, key: string): Promise<CreditEntryRow | undefined> {
  return sql<CreditEntryRow>('credit_entries').where({ idempotency_key: key }).first();
}

/** Which lots an entry filled or drew on: its rows, or the one lot that the entry itself names. */
export async function listAllocations(
  sql: Sql,
  { id, lot_id, amount }: Pick<CreditEntryRow, 'id' | 'lot_id' | 'amount'>,
): Promise<AllocationRow[]> {
  if (lot_id !== null) return [{ entry_id: id, lot_id, amount }];
  return sql<AllocationRow>('credit_allocations').where({ entry_id: id }).orderBy('lot_id');
}

/** What later entries already took back of this one; positive. */
export async function sumReversed(sql: Sql, entryId: string): Promise<number> {
  const row = await sql('credit_entries').where({ reversal_of: entryId }).sum({ total: 'amount' }).first();
  return Math.abs(Number(row?.total ?? 0));
}

/** Per lot, what reversals of this entry already gave back or took. */
export async function sumReversedByLot(sql: Sql, entryId: string): Promise<Map<string, number>> {
  const rows: { lot_id: string; total: number }[] = await sql('credit_allocations as a')
    .join('credit_entries as e', 'e.id', 'a.entry_id')
    .where('e.reversal_of', entryId)
    .groupBy('a.lot_id')
    .select('a.lot_id')
    .sum({ total: 'a.amount' });
  return new Map(rows.map((row) => [row.lot_id, Math.abs(Number(row.total))]));
}

/** Per lot of a payment, what its refunds and lost disputes took and did not give back. */
export async function sumSettledByLot(sql: Sql, paymentId: string): Promise<Map<string, number>> {
  const rows: { lot_id: string; total: number }[] = await sql('credit_allocations as a')
    .join('credit_entries as e', 'e.id', 'a.entry_id')
    .where({ 'e.source_kind': 'payment', 'e.source_id': paymentId })
    .whereIn('e.type', ['reverse', 'reinstate'])
    .groupBy('a.lot_id')
    .select('a.lot_id')
    .sum({ total: 'a.amount' });
  return new Map(rows.map((row) => [row.lot_id, Math.max(0, -Number(row.total))]));
}

export async function listRecentEntries(
  sql: Sql,
  accountId: string,
  limit: number,
): Promise<CreditEntryRow[]> {
  return sql<CreditEntryRow>('credit_entries')
    .where({ account_id: accountId })
    .orderBy('seq', 'desc')
    .limit(limit);
}

export async function listEntriesByCorrelation(sql: Sql, correlationId: string): Promise<CreditEntryRow[]> {
  return sql<CreditEntryRow>('credit_entries')
    .where({ correlation_id: correlationId })
    .orderBy('at')
    .limit(200);
}

/** How much of what one payment brought has lapsed; positive. */
export async function sumLapsedOfPayment(sql: Sql, paymentId: string): Promise<number> {
  const row = await sql('credit_allocations as a')
    .join('credit_entries as e', 'e.id', 'a.entry_id')
    .join('credit_lots as l', 'l.id', 'a.lot_id')
    .where({ 'l.payment_id': paymentId, 'e.type': 'expire' })
    .sum({ total: 'a.amount' })
    .first();
  return Math.abs(Number(row?.total ?? 0));
}

const LISTED_MAX = 200;

/** Entries that filled or drew on the lots of one payment, the first ones of them. */
export async function listEntriesOfPayment(sql: Sql, paymentId: string): Promise<CreditEntryRow[]> {
  const apart: CreditEntryRow[] = await sql<CreditEntryRow>('credit_entries')
    .whereIn(
      'id',
      sql('credit_allocations as a')
        .join('credit_lots as l', 'l.id', 'a.lot_id')
        .where('l.payment_id', paymentId)
        .select('a.entry_id'),
    )
    .orderBy('at')
    .limit(LISTED_MAX);
  // Nobody draws on a lot before it is there.
  const filling = apart.find((entry) => entry.type === 'grant');
  if (!filling) return apart;
  const lots: string[] = await sql('credit_lots').where({ payment_id: paymentId }).pluck('id');
  const named: CreditEntryRow[] = await sql<CreditEntryRow>('credit_entries')
    .where({ account_id: filling.account_id })
    .where('seq', '>', filling.seq)
    .whereIn('lot_id', lots)
    .orderBy('seq')
    .limit(LISTED_MAX);
  return [...apart, ...named].sort((a, b) => a.at - b.at).slice(0, LISTED_MAX);
}

export async function listReversals(sql: Sql, entryId: string): Promise<CreditEntryRow[]> {
  return sql<CreditEntryRow>('credit_entries').where({ reversal_of: entryId }).orderBy('seq').limit(200);
}

export async function listEntriesBetween(
  sql: Sql,
  accountId: string,
  from: number,
  to: number,
): Promise<CreditEntryRow[]> {
  return sql<CreditEntryRow>('credit_entries')
    .where({ account_id: accountId })
    .whereBetween('at', [from, to])
    .orderBy('seq')
    .limit(200);
}
