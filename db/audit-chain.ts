import type { Sql } from './connection.ts';
import { engineOf } from './connection.ts';

/** The one row that says how far the audit is sealed. `head_hash` of an empty chain is the word it begins with. */
export type AuditChainRow = {
  id: 1;
  head_seq: number;
  head_hash: string;
  updated_at: number;
  /** When the whole chain is next to be proved. */
  proof_due_at: number;
};

export type AuditHead = { head_seq: number; head_hash: string; last_seq: number; hash_there: string | null };

/**
 * How far the chain must reach, how far it does, and the seal that stands where it must end; in one statement,
 * because it may grow at any moment. Undefined only when a hand took the row away.
 */
export async function readAuditHead(sql: Sql): Promise<AuditHead | undefined> {
  return sql('audit_chain as c')
    .where('c.id', 1)
    .first(
      'c.head_seq',
      'c.head_hash',
      sql.raw('coalesce((select max(seq) from audit_seals), 0) as last_seq'),
      sql.raw('(select hash from audit_seals where seq = c.head_seq) as hash_there'),
    );
}

/**
 * Reads the row and holds it, so that those who append follow each other.
 *
 * @throws when the row is gone: a chain that began anew would hide what was cut
 */
export async function lockAuditChain(sql: Sql): Promise<AuditChainRow> {
  const query = sql<AuditChainRow>('audit_chain').where({ id: 1 }).first();
  const row = await (engineOf(sql) === 'postgres' ? query.forUpdate() : query);
  if (row) return row;
  throw new Error('The row of audit_chain is gone; restore it from a backup before anything is sealed');
}

export async function moveAuditChain(sql: Sql, seq: number, hash: string, now: number): Promise<void> {
  await sql('audit_chain').where({ id: 1 }).update({ head_seq: seq, head_hash: hash, updated_at: now });
}

/** True for the one process that is to prove the chain now; another may try after `until`, should this one die. */
export async function claimAuditProof(sql: Sql, now: number, until: number): Promise<boolean> {
  const claimed = await sql('audit_chain')
    .where({ id: 1 })
    .where('proof_due_at', '<=', now)
    .update({ proof_due_at: until });
  return claimed === 1;
}

export async function scheduleAuditProof(sql: Sql, at: number): Promise<void> {
  await sql('audit_chain').where({ id: 1 }).update({ proof_due_at: at });
}
