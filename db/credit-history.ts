import type { Sql } from './connection.ts';

/** What happened to one account in one stretch of time. */
export type CreditBucket = {
  /** The stretch begins here. */
  at: number;
  /** The moment of its last entry, and the balance that this left. */
  lastAt: number;
  balance: number;
  /** What came in and what went out; both positive or 0. */
  added: number;
  taken: number;
  /** Of what came in, the part that was granted. */
  granted: number;
};

/** The entries of an account from `from` on, added up by stretches of `bucketMs`: a few hundred rows however many entries. */
export async function readCreditBuckets(
  sql: Sql,
  accountId: string,
  from: number,
  bucketMs: number,
): Promise<CreditBucket[]> {
  const placed = sql('credit_entries')
    .where({ account_id: accountId })
    .where('at', '>=', from)
    .select('seq', 'at', 'amount', 'type', sql.raw('at - at % ? as stretch', [bucketMs]))
    .as('p');
  const added = sql(placed)
    .groupBy('stretch')
    .select('stretch')
    .max({ last_seq: 'seq', last_at: 'at' })
    .select(
      sql.raw('sum(case when amount > 0 then amount else 0 end) as added'),
      sql.raw('sum(case when amount < 0 then -amount else 0 end) as taken'),
      sql.raw("sum(case when type = 'grant' then amount else 0 end) as granted"),
    )
    .as('b');
  const rows = await sql(added)
    .join('credit_entries as e', 'e.seq', 'b.last_seq')
    .where('e.account_id', accountId)
    .orderBy('b.stretch')
    .select('b.stretch', 'b.last_at', 'b.added', 'b.taken', 'b.granted', 'e.balance_after');
  return rows.map((row) => ({
    at: Number(row.stretch),
    lastAt: Number(row.last_at),
    balance: Number(row.balance_after),
    added: Number(row.added),
    taken: Number(row.taken),
    granted: Number(row.granted),
  }));
}

/** The balance that an account had just before a moment; 0 before its first entry. */
export async function readBalanceBefore(sql: Sql, accountId: string, at: number): Promise<number> {
  const last = await sql('credit_entries')
    .where({ account_id: accountId })
    .where('at', '<', at)
    .orderBy('seq', 'desc')
    .first('balance_after');
  return Number(last?.balance_after ?? 0);
}
