import type { Sql } from './connection.ts';
import type { CreditEntryRow } from './credit-entries.ts';
import type { CreditLotRow } from './credit-lots.ts';
import type { PaymentRow } from './payments.ts';

/** An entry with what its allocations add up to. */
export type EntryToProve = CreditEntryRow & { allocated: number };

/** A lot with what all entries put into it and took out of it. */
export type LotToProve = CreditLotRow & { allocated: number };

/** A payment with what its lots brought. */
export type PaymentToProve = PaymentRow & { granted_in_lots: number };

/** A page of an account's entries in their order, from behind this one on. */
export async function listEntriesToProve(
  sql: Sql,
  accountId: string,
  afterSeq: number,
  limit: number,
): Promise<EntryToProve[]> {
  const rows: EntryToProve[] = await sql('credit_entries as e')
    .where('e.account_id', accountId)
    .where('e.seq', '>', afterSeq)
    .orderBy('e.seq')
    .limit(limit)
    .select(
      'e.*',
      sql('credit_allocations as a').whereRaw('a.entry_id = e.id').sum('a.amount').as('allocated'),
    );
  // What an entry says of its one lot is part of it.
  return rows.map((row) => ({
    ...row,
    allocated: Number(row.allocated ?? 0) + (row.lot_id === null ? 0 : row.amount),
  }));
}

/** Oldest first. */
export async function listLotsToProve(sql: Sql, accountId: string): Promise<LotToProve[]> {
  const rows: LotToProve[] = await sql('credit_lots as l')
    .where('l.account_id', accountId)
    .orderBy(['l.created_at', 'l.id'])
    .select(
      'l.*',
      sql('credit_allocations as a').whereRaw('a.lot_id = l.id').sum('a.amount').as('allocated'),
    );
  const named: { lot_id: string; drawn: number }[] = await sql('credit_entries')
    .where({ account_id: accountId })
    .whereNotNull('lot_id')
    .groupBy('lot_id')
    .select('lot_id')
    .sum({ drawn: 'amount' });
  const drawn = new Map(named.map((row) => [row.lot_id, Number(row.drawn)]));
  return rows.map((row) => ({ ...row, allocated: Number(row.allocated ?? 0) + (drawn.get(row.id) ?? 0) }));
}

/** Oldest first. */
export async function listPaymentsToProve(sql: Sql, customerId: string): Promise<PaymentToProve[]> {
  const rows: PaymentToProve[] = await sql('payments as p')
    .where('p.customer_id', customerId)
    .orderBy(['p.paid_at', 'p.id'])
    .select(
      'p.*',
      sql('credit_lots as l').whereRaw('l.payment_id = p.id').sum('l.granted').as('granted_in_lots'),
    );
  return rows.map((row) => ({ ...row, granted_in_lots: Number(row.granted_in_lots ?? 0) }));
}

export type UnbalancedAccount = {
  customer_id: string;
  balance: number;
  entries: number;
  lots: number;
  held: number;
  holds: number;
};

/** Accounts by their ids: behind one, up to another. */
export type AccountRange = { after: string; upTo: string };

/** The id that ends the next so many accounts; null when there are none. */
export async function findEndOfAccounts(sql: Sql, after: string, count: number): Promise<string | null> {
  const next = sql('credit_accounts').where('id', '>', after).orderBy('id').limit(count).select('id');
  const row = await sql.from(next.as('a')).max({ last: 'id' }).first();
  return row?.last ?? null;
}

/**
 * Accounts whose balance is not what their entries or their lots add up to, or that hold something else than their
 * open holds; of all or of a range. Must always be empty.
 */
export async function findUnbalancedAccounts(
  sql: Sql,
  range: AccountRange | null = null,
): Promise<UnbalancedAccount[]> {
  const summed = (table: string, column: string) => {
    const sums = sql(table).select('account_id').sum({ total: column }).groupBy('account_id');
    if (range) sums.where('account_id', '>', range.after).where('account_id', '<=', range.upTo);
    return sums;
  };
  const accounts = sql('credit_accounts as a')
    .leftJoin(summed('credit_entries', 'amount').as('e'), 'e.account_id', 'a.id')
    .leftJoin(summed('credit_lots', 'remaining').as('l'), 'l.account_id', 'a.id')
    .leftJoin(summed('credit_holds', 'covered').where({ state: 'open' }).as('h'), 'h.account_id', 'a.id');
  if (range) accounts.where('a.id', '>', range.after).where('a.id', '<=', range.upTo);
  return accounts
    .whereRaw(
      '(a.balance <> coalesce(e.total, 0) or a.balance <> coalesce(l.total, 0) or a.held <> coalesce(h.total, 0))',
    )
    .select(
      'a.customer_id',
      'a.balance',
      sql.raw('coalesce(e.total, 0) as entries'),
      sql.raw('coalesce(l.total, 0) as lots'),
      'a.held',
      sql.raw('coalesce(h.total, 0) as holds'),
    );
}

/** Customers in this range of whom it was told that their account is wrong. */
export async function listToldUnbalanced(sql: Sql, kind: string, range: AccountRange): Promise<string[]> {
  return sql('findings as f')
    .join('credit_accounts as a', 'a.customer_id', 'f.subject')
    .where({ 'f.kind': kind, 'f.state': 'open' })
    .where('a.id', '>', range.after)
    .where('a.id', '<=', range.upTo)
    .pluck('f.subject');
}
