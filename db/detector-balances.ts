import type { Sql } from './connection.ts';

/** An account beside what it should add up to, read at one moment. */
export type BalanceFacts = {
  id: string;
  customer_id: string;
  balance: number;
  held: number;
  debt: number;
  /** What the newest entry says that the balance was after it; null without any entry. */
  last_after: number | null;
  lots: number;
  covered: number;
  /** Open holds whose time was up before `stuckBefore`, and since when the first of them is. */
  stuck_holds: number;
  stuck_since: number | null;
};

/** One statement, so that nothing moves between two of its numbers. */
export async function readBalanceFacts(
  sql: Sql,
  accountIds: readonly string[],
  stuckBefore: number,
): Promise<BalanceFacts[]> {
  if (accountIds.length === 0) return [];
  const stuck = () =>
    sql('credit_holds as h').whereRaw("h.account_id = a.id and h.state = 'open' and h.expires_at < ?", [
      stuckBefore,
    ]);
  const rows: BalanceFacts[] = await sql('credit_accounts as a')
    .whereIn('a.id', [...accountIds])
    .select(
      'a.id',
      'a.customer_id',
      'a.balance',
      'a.held',
      'a.debt',
      sql('credit_entries as e')
        .whereRaw('e.account_id = a.id and e.seq = a.next_seq - 1')
        .select('e.balance_after')
        .as('last_after'),
      sql('credit_lots as l').whereRaw('l.account_id = a.id').sum('l.remaining').as('lots'),
      sql('credit_holds as h')
        .whereRaw("h.account_id = a.id and h.state = 'open'")
        .sum('h.covered')
        .as('covered'),
      stuck().count('*').as('stuck_holds'),
      stuck().min('h.expires_at').as('stuck_since'),
    );
  return rows.map((row) => ({
    ...row,
    last_after: row.last_after === null ? null : Number(row.last_after),
    lots: Number(row.lots ?? 0),
    covered: Number(row.covered ?? 0),
    stuck_holds: Number(row.stuck_holds ?? 0),
    stuck_since: row.stuck_since === null ? null : Number(row.stuck_since),
  }));
}

/** Accounts that owe, or whose holds did not end in their time, and of which nobody was told yet. */
export async function listTroubledAccounts(
  sql: Sql,
  kind: string,
  stuckBefore: number,
  limit: number,
): Promise<string[]> {
  const untold = (query: ReturnType<typeof accounts>) =>
    query
      .whereNotExists(
        sql('findings as f')
          .whereRaw('f.subject = a.customer_id')
          .where({ 'f.kind': kind, 'f.state': 'open' })
          .select(sql.raw('1')),
      )
      .limit(limit)
      .select('a.id');
  const accounts = () => sql('credit_accounts as a');
  const owing: { id: string }[] = await untold(accounts().whereRaw('a.debt > 0'));
  const stuck: { id: string }[] = await untold(
    accounts().whereIn(
      'a.id',
      sql('credit_holds')
        .whereRaw("state = 'open'")
        .where('expires_at', '<', stuckBefore)
        .select('account_id'),
    ),
  );
  return [...new Set([...owing, ...stuck].map((row) => row.id))];
}
