import type { AiUsageRow } from './ai-usage.ts';
import type { Sql } from './connection.ts';
import type { CreditEntryRow } from './credit-entries.ts';

export type UsageGap = Pick<
  AiUsageRow,
  'usage_id' | 'customer_id' | 'credits' | 'received_at' | 'correlation_id'
>;

export type DebitGap = Pick<
  CreditEntryRow,
  'id' | 'account_id' | 'amount' | 'at' | 'source_id' | 'correlation_id'
> & { customer_id: string };

/** A hold that had lost its cover may settle at nothing: then there is rightly no debit. */
const undebited = `u.credits > 0 and u.entry_id is null
  and (u.hold_id is null or h.state <> 'settled' or h.settled > 0)`;

/** AI calls that cost something and were never debited, among those received from behind one moment up to another. */
export async function listUndebitedUsage(
  sql: Sql,
  wanted: { after: number; until: number; limit: number },
): Promise<UsageGap[]> {
  return usage(sql)
    .where('u.received_at', '>', wanted.after)
    .where('u.received_at', '<=', wanted.until)
    .orderBy('u.received_at')
    .limit(wanted.limit);
}

export async function listUndebitedUsageOf(
  sql: Sql,
  customerId: string,
  span: { since: number; until: number },
): Promise<UsageGap[]> {
  return usage(sql)
    .where('u.customer_id', customerId)
    .where('u.received_at', '>=', span.since)
    .where('u.received_at', '<=', span.until)
    .orderBy('u.received_at')
    .limit(200);
}

function usage(sql: Sql) {
  return sql('ai_usage as u')
    .leftJoin('credit_holds as h', 'h.id', 'u.hold_id')
    .whereRaw(undebited)
    .select('u.usage_id', 'u.customer_id', 'u.credits', 'u.received_at', 'u.correlation_id');
}

/** A page of the ledger, behind an entry, that is older than a moment: how many there are, the last one and when. */
export async function readLedgerPage(
  sql: Sql,
  page: { after: string; until: number; limit: number },
): Promise<{ count: number; last: string | null; lastAt: number | null }> {
  const row = await sql
    .from(entriesBehind(sql, page).as('p'))
    .select(sql.raw('count(*) as total'), sql.raw('max(id) as last'), sql.raw('max(at) as last_at'))
    .first();
  const lastAt = row?.last_at ?? null;
  return {
    count: Number(row?.total ?? 0),
    last: row?.last ?? null,
    lastAt: lastAt === null ? null : Number(lastAt),
  };
}

/** The ledger’s newest entry; the detectors begin behind it. */
export async function findNewestEntryId(sql: Sql): Promise<string | null> {
  const row = await sql('credit_entries').orderBy('id', 'desc').first('id');
  return row?.id ?? null;
}

/** Accounts that the entries of this page moved. */
export async function listMovedAccounts(
  sql: Sql,
  page: { after: string; until: number; limit: number },
): Promise<string[]> {
  const rows: { account_id: string }[] = await sql
    .from(entriesBehind(sql, page).as('p'))
    .distinct('account_id');
  return rows.map((row) => row.account_id);
}

/** Debits of this page that say they are for an AI call that nobody recorded, and that nobody took back. */
export async function listUnusedDebits(
  sql: Sql,
  page: { after: string; until: number; limit: number },
): Promise<DebitGap[]> {
  return unused(sql, entriesBehind(sql, page));
}

/** Of the last entries of one account. */
export async function listUnusedDebitsOf(
  sql: Sql,
  accountId: string,
  span: { since: number; until: number; limit: number },
): Promise<DebitGap[]> {
  const page = sql('credit_entries')
    .where({ account_id: accountId })
    .where('at', '>=', span.since)
    .where('at', '<=', span.until)
    .orderBy('seq', 'desc')
    .limit(span.limit);
  return unused(sql, page);
}

function entriesBehind(sql: Sql, page: { after: string; until: number; limit: number }) {
  return sql('credit_entries')
    .where('id', '>', page.after)
    .where('at', '<=', page.until)
    .orderBy('id')
    .limit(page.limit);
}

function unused(sql: Sql, page: ReturnType<typeof entriesBehind>): Promise<DebitGap[]> {
  return sql
    .from(page.as('e'))
    .join('credit_accounts as a', 'a.id', 'e.account_id')
    .leftJoin('ai_usage as u', 'u.usage_id', 'e.source_id')
    .where({ 'e.type': 'spend', 'e.source_kind': 'usage' })
    .whereNull('u.usage_id')
    .whereNotExists(sql('credit_entries as r').whereRaw('r.reversal_of = e.id').select(sql.raw('1')))
    .orderBy('e.id')
    .limit(200)
    .select('e.id', 'e.account_id', 'e.amount', 'e.at', 'e.source_id', 'e.correlation_id', 'a.customer_id');
}

/** What staff took by hand since; positive. */
export async function sumStaffSpends(sql: Sql, accountId: string, since: number): Promise<number> {
  const row = await sql('credit_entries')
    .where({ account_id: accountId, type: 'spend', source_kind: 'staff' })
    .where('at', '>=', since)
    .sum({ total: 'amount' })
    .first();
  return Math.abs(Number(row?.total ?? 0));
}

/** How many of a customer’s last AI calls came without a request id of the caller’s own. */
export async function countUntracedUsage(
  sql: Sql,
  customerId: string,
  limit: number,
): Promise<{ all: number; untraced: number }> {
  const last = sql('ai_usage').where({ customer_id: customerId }).orderBy('at', 'desc').limit(limit);
  const row = await sql
    .from(last.as('u'))
    .select(
      sql.raw('count(*) as total'),
      sql.raw("sum(case when substr(correlation_id, 1, 4) = 'cor_' then 1 else 0 end) as untraced"),
    )
    .first();
  return { all: Number(row?.total ?? 0), untraced: Number(row?.untraced ?? 0) };
}
