import type { Sql } from './connection.ts';
import type { EntitlementChangeRow } from './entitlements.ts';

type Page = { after: string; until: number; limit: number };

/** How far this page of the changes goes; null when there are none. */
export async function findLastChangeId(sql: Sql, page: Page): Promise<string | null> {
  const row = await sql.from(changesBehind(sql, page).as('p')).max({ last: 'id' }).first();
  return row?.last ?? null;
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
