import type { Sql } from './connection.ts';

/** A head of the audit chain that was told outside: `log`, or a channel of the config. */
export type AuditAnchorRow = { told: string; seq: number; hash: string; at: number };

export async function insertAuditAnchor(sql: Sql, row: AuditAnchorRow): Promise<void> {
  await sql('audit_anchors').insert(row);
}

export async function findLastAnchor(sql: Sql, told: string): Promise<AuditAnchorRow | undefined> {
  return sql<AuditAnchorRow>('audit_anchors').where({ told }).orderBy('seq', 'desc').first();
}

export async function countAnchors(sql: Sql): Promise<number> {
  const row = await sql('audit_anchors').count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

/** The first anchor that the chain does not hold any more as it was told. */
export async function findBrokenAnchor(sql: Sql): Promise<AuditAnchorRow | undefined> {
  return sql('audit_anchors as a')
    .leftJoin('audit_seals as s', 's.seq', 'a.seq')
    .where((query) => query.whereNull('s.hash').orWhere('s.hash', '<>', sql.ref('a.hash')))
    .orderBy('a.seq')
    .first('a.told', 'a.seq', 'a.hash', 'a.at');
}
