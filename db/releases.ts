import type { Sql } from './connection.ts';

export type ReleaseRow = {
  id: string;
  external_id: string;
  version: string;
  url: string | null;
  reported_by: string;
  deployed_at: number;
  reported_at: number;
  correlation_id: string;
};

/** False when it was reported already. */
export async function insertRelease(sql: Sql, row: ReleaseRow): Promise<boolean> {
  const inserted = await sql('releases').insert(row).onConflict('external_id').ignore().returning('id');
  return inserted.length > 0;
}

/** Newest first. */
export async function listReleases(sql: Sql, limit: number): Promise<ReleaseRow[]> {
  return sql<ReleaseRow>('releases')
    .orderBy([
      { column: 'deployed_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
}

/** The last one that was deployed between these moments. */
export async function findReleaseBetween(
  sql: Sql,
  from: number,
  to: number,
): Promise<ReleaseRow | undefined> {
  return sql<ReleaseRow>('releases')
    .where('deployed_at', '>=', from)
    .where('deployed_at', '<=', to)
    .orderBy('deployed_at', 'desc')
    .first();
}

/** A report of this version that came after this moment. */
export async function findReportSince(
  sql: Sql,
  version: string,
  since: number,
): Promise<ReleaseRow | undefined> {
  return sql<ReleaseRow>('releases').where({ version }).where('reported_at', '>=', since).first();
}
