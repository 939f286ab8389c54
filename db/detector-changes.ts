import type { Sql } from './connection.ts';
import type { EntitlementChangeRow } from './entitlements.ts';

type Page = { after: string; until: number; limit: number };

/** How many changes are on this page, and the last of them. */
export async function readChangesPage(
  sql: Sql,
  page: Page,
): Promise<{ count: number; last: string | null; lastAt: number | null }> {
  const row = await sql
    .from(changesBehind(sql, page).as('p'))
    .count({ total: '*' })
    .max({ last: 'id', last_at: 'at' })
    .first();
  const lastAt = row?.last_at ?? null;
  return {
    count: Number(row?.total ?? 0),
    last: row?.last ?? null,
    lastAt: lastAt === null ? null : Number(lastAt),
  };
}

export async function findNewestChangeId(sql: Sql): Promise<string | null> {
  const row = await sql('entitlement_changes').orderBy('id', 'desc').first('id');
  return row?.id ?? null;
}

/** Changes that cannot be followed: without a correlation id, or with one that the audit does not know. */
export async function listUntracedChanges(sql: Sql, page: Page): Promise<EntitlementChangeRow[]> {
  return untraced(sql, changesBehind(sql, page));
}

export async function listUntracedChangesOf(
  sql: Sql,
  customerId: string,
  since: number,
  until: number,
): Promise<EntitlementChangeRow[]> {
  const page = sql('entitlement_changes')
    .where({ customer_id: customerId })
    .where('at', '>=', since)
    .where('at', '<=', until)
    .orderBy('version', 'desc')
    .limit(200);
  return untraced(sql, page);
}

function changesBehind(sql: Sql, { after, until, limit }: Page) {
  return sql('entitlement_changes')
    .where('id', '>', after)
    .where('at', '<=', until)
    .orderBy('id')
    .limit(limit);
}

function untraced(sql: Sql, page: ReturnType<typeof changesBehind>): Promise<EntitlementChangeRow[]> {
  return sql
    .from(page.as('c'))
    .leftJoin('audit_events as a', 'a.correlation_id', 'c.correlation_id')
    .where((query) => query.whereNull('a.id').orWhere('c.correlation_id', ''))
    .orderBy('c.id')
    .limit(200)
    .select('c.*');
}
