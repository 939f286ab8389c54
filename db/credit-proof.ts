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
  return rows.map((row) => ({ ...row, allocated: Number(row.allocated ?? 0) }));
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
  return rows.map((row) => ({ ...row, allocated: Number(row.allocated ?? 0) }));
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
