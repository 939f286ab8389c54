import type { AuditEventRow } from './audit-events.ts';
import type { Sql } from './connection.ts';

export async function hasUnsealed(sql: Sql): Promise<boolean> {
  return (await sql('audit_unsealed').first('audit_id')) !== undefined;
}

/** Rows that no seal covers yet, in the order of their ids. */
export async function listUnsealed(sql: Sql, limit: number): Promise<AuditEventRow[]> {
  return (
    sql('audit_unsealed as u')
      .join('audit_events as e', 'e.id', 'u.audit_id')
      .leftJoin('audit_seals as s', 's.audit_id', 'u.audit_id')
      // Queued again by some other hand: it has its seal, and must not stop those behind it.
      .whereNull('s.audit_id')
      .orderBy('u.audit_id')
      .limit(limit)
      .select('e.*')
  );
}

/** Forgets what these links of the chain have sealed. */
export async function deleteSealed(sql: Sql, firstSeq: number, lastSeq: number): Promise<void> {
  await sql('audit_unsealed')
    .whereIn('audit_id', sql('audit_seals').whereBetween('seq', [firstSeq, lastSeq]).select('audit_id'))
    .delete();
}

export type Cover = { id: string; at: number; seal_seq: number | null; waiting_id: string | null };

/** Page by page, whether each audit row is sealed, waits to be, or neither; one statement, so one moment. */
export async function listCovers(sql: Sql, afterId: string, limit: number): Promise<Cover[]> {
  return sql('audit_events as e')
    .leftJoin('audit_seals as s', 's.audit_id', 'e.id')
    .leftJoin('audit_unsealed as u', 'u.audit_id', 'e.id')
    .where('e.id', '>', afterId)
    .orderBy('e.id')
    .limit(limit)
    .select('e.id', 'e.at', 's.seq as seal_seq', 'u.audit_id as waiting_id');
}

/** A row that was to be sealed, and is gone. */
export async function findUnsealedWithoutRow(sql: Sql): Promise<string | undefined> {
  const row = await sql('audit_unsealed as u')
    .leftJoin('audit_events as e', 'e.id', 'u.audit_id')
    .whereNull('e.id')
    .orderBy('u.audit_id')
    .first('u.audit_id');
  return row?.audit_id;
}
