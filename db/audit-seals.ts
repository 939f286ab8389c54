import type { AuditEventRow } from './audit-events.ts';
import type { Sql } from './connection.ts';

/** One link of the audit chain: which row it seals, and the hash over that row and the link before. */
export type AuditSealRow = { seq: number; audit_id: string; hash: string; sealed_at: number };

export async function insertAuditSeals(sql: Sql, seals: readonly AuditSealRow[]): Promise<void> {
  await sql('audit_seals').insert(seals);
}

export async function findAuditSeal(sql: Sql, seq: number): Promise<AuditSealRow | undefined> {
  return sql<AuditSealRow>('audit_seals').where({ seq }).first();
}

/** The chain in its order, each link with the row that it seals; null when that row is gone. */
export async function listSealedAfter(
  sql: Sql,
  seq: number,
  limit: number,
): Promise<{ seal: AuditSealRow; event: AuditEventRow | null }[]> {
  const rows = await sql('audit_seals as s')
    .leftJoin('audit_events as e', 'e.id', 's.audit_id')
    .where('s.seq', '>', seq)
    .orderBy('s.seq')
    .limit(limit)
    .select(
      'e.*',
      's.seq as seal_seq',
      's.audit_id as seal_audit_id',
      's.hash as seal_hash',
      's.sealed_at as seal_at',
    );
  return rows.map(({ seal_seq, seal_audit_id, seal_hash, seal_at, ...event }) => ({
    seal: { seq: seal_seq, audit_id: seal_audit_id, hash: seal_hash, sealed_at: seal_at },
    event: event.id === null ? null : (event as AuditEventRow),
  }));
}
