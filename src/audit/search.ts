import { type AuditFilter, type FoundAuditRow, searchAuditEvents } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';

const PAGE = 500;

/** All rows that match, newest first, a page at a time in memory, up to `limit`. */
export async function* findAudit(
  sql: Sql,
  filter: AuditFilter,
  limit: number,
): AsyncGenerator<FoundAuditRow> {
  let after: FoundAuditRow | null = null;
  for (let left = limit; left > 0; left -= PAGE) {
    const page: FoundAuditRow[] = await searchAuditEvents(sql, filter, after, Math.min(PAGE, left));
    yield* page;
    after = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}
