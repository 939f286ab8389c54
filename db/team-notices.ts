import type { Sql } from './connection.ts';

/** A message to a team about findings of one kind. */
export type NoticeRow = {
  id: string;
  kind: string;
  team: string;
  /** `many`: a digest, which takes up what is found after it. */
  scope: 'one' | 'many';
  /** Rises with every change of what its card shows. */
  version: number;
  opened_at: number;
  /** When the last of its findings was well again. */
  closed_at: number | null;
  correlation_id: string;
};

export type NoticeFindingRow = {
  notice_id: string;
  finding_id: string;
  summary: string;
  /** JSON text. */
  evidence: string;
  told_at: number;
  healed_at: number | null;
};

export async function insertNotice(sql: Sql, row: NoticeRow): Promise<void> {
  await sql('team_notices').insert(row);
}

export async function findNotice(sql: Sql, id: string): Promise<NoticeRow | undefined> {
  return sql<NoticeRow>('team_notices').where({ id }).first();
}

/** The newest digest of this kind that still has something open. */
export async function findOpenDigest(sql: Sql, kind: string, since: number): Promise<NoticeRow | undefined> {
  return sql<NoticeRow>('team_notices')
    .where({ kind, scope: 'many' })
    .where('opened_at', '>=', since)
    .whereNull('closed_at')
    .orderBy([
      { column: 'opened_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first();
}

/** How many findings of this kind were told since, in any notice. */
export async function countToldSince(sql: Sql, kind: string, since: number): Promise<number> {
  const row = await sql('team_notices as n')
    .join('team_notice_findings as f', 'f.notice_id', 'n.id')
    .where('n.kind', kind)
    .where('n.opened_at', '>=', since)
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

/** What it shows has changed. */
export async function raiseNoticeVersion(sql: Sql, id: string, closedAt: number | null): Promise<void> {
  await sql('team_notices')
    .where({ id })
    .update({ version: sql.raw('version + 1'), closed_at: closedAt });
}

/** A finding that opened again while the notice is still open takes its place in it again. */
export async function putNoticeFinding(sql: Sql, row: NoticeFindingRow): Promise<void> {
  await sql('team_notice_findings').insert(row).onConflict(['notice_id', 'finding_id']).merge();
}

/** Open ones first, then in the order in which they were told. */
export async function listNoticeFindings(
  sql: Sql,
  noticeId: string,
  limit: number,
): Promise<NoticeFindingRow[]> {
  return sql<NoticeFindingRow>('team_notice_findings')
    .where({ notice_id: noticeId })
    .orderByRaw('case when healed_at is null then 0 else 1 end, told_at, finding_id')
    .limit(limit);
}

export async function countNoticeFindings(
  sql: Sql,
  noticeId: string,
): Promise<{ all: number; open: number }> {
  const row = await sql('team_notice_findings')
    .where({ notice_id: noticeId })
    .select(
      sql.raw('count(*) as total'),
      sql.raw('sum(case when healed_at is null then 1 else 0 end) as still'),
    )
    .first();
  return { all: Number(row?.total ?? 0), open: Number(row?.still ?? 0) };
}

/** The finding is well again, in whichever notices it is told; returns those. */
export async function healInNotices(sql: Sql, findingId: string, now: number): Promise<string[]> {
  const rows: { notice_id: string }[] = await sql('team_notice_findings')
    .where({ finding_id: findingId })
    .whereNull('healed_at')
    .update({ healed_at: now })
    .returning('notice_id');
  return rows.map((row) => row.notice_id);
}
