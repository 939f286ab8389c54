import type { AuditEventRow } from './audit-events.ts';
import type { Sql } from './connection.ts';

/** The tries to make a billing portal link since, newest first. */
export async function listPortalTries(sql: Sql, since: number, limit: number): Promise<AuditEventRow[]> {
  return sql<AuditEventRow>('audit_events')
    .whereRaw("command = 'payment portal-link'")
    .whereIn('outcome', ['done', 'failed'])
    .where('at', '>=', since)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
}
