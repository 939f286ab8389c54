import type { Sql } from './connection.ts';
import type { PaymentRow } from './payments.ts';

/** A payment beside what its lots say that it brought. */
export type BookedPayment = PaymentRow & { in_lots: number };

/** Paid payments of one mode that were booked behind one of them and up to a moment; in that order. */
export async function listBooked(
  sql: Sql,
  mode: string,
  page: { after: { at: number; id: string }; until: number; limit: number },
): Promise<BookedPayment[]> {
  return withLots(
    await booked(sql, mode)
      .whereRaw('(p.fetched_at, p.id) > (?, ?)', [page.after.at, page.after.id])
      .where('p.fetched_at', '<=', page.until)
      .orderBy(['p.fetched_at', 'p.id'])
      .limit(page.limit),
  );
}

/** The newest of one customer. */
export async function listBookedOf(
  sql: Sql,
  mode: string,
  customerId: string,
  limit: number,
): Promise<BookedPayment[]> {
  return withLots(
    await booked(sql, mode)
      .where('p.customer_id', customerId)
      .orderBy([
        { column: 'p.paid_at', order: 'desc' },
        { column: 'p.id', order: 'desc' },
      ])
      .limit(limit),
  );
}

/** Those of these that are paid. */
export async function listBookedById(sql: Sql, ids: readonly string[]): Promise<BookedPayment[]> {
  return withLots(
    await sql('payments as p')
      .whereIn('p.id', [...ids])
      .where({ 'p.status': 'paid' })
      .select('p.*', sql('credit_lots as l').whereRaw('l.payment_id = p.id').sum('l.granted').as('in_lots')),
  );
}

function booked(sql: Sql, mode: string) {
  return sql('payments as p')
    .where({ 'p.mode': mode, 'p.status': 'paid' })
    .whereNotNull('p.customer_id')
    .select('p.*', sql('credit_lots as l').whereRaw('l.payment_id = p.id').sum('l.granted').as('in_lots'));
}

function withLots(rows: BookedPayment[]): BookedPayment[] {
  return rows.map((row) => ({ ...row, in_lots: Number(row.in_lots ?? 0) }));
}
