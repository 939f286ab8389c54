import { lockAuditChain, moveAuditChain } from '#db/audit-chain.ts';
import { type AuditSealRow, insertAuditSeals } from '#db/audit-seals.ts';
import { deleteSealed, hasUnsealed, listUnsealed } from '#db/audit-unsealed.ts';
import type { Database, Sql } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Clock } from '#src/core/clock.ts';
import { sealHash } from './canonical.ts';

/** Small enough that a Slack click behind it on the same connection does not notice. */
const BATCH = 200;

/**
 * A worker's turn: seals the audit rows that wait for it, in the order of their ids, and returns how many. A row that
 * commits late is sealed late, behind younger ones. Several processes follow each other on the chain's row; one that
 * is killed leaves the chain as it was.
 */
export async function sealNext(deps: { database: Database; clock: Clock }): Promise<number> {
  // Looked at first, so that a quiet hour takes no write lock.
  if (!(await hasUnsealed(deps.database.knex))) return 0;
  return inTransaction(deps.database, (sql) => sealBatch(sql, deps.clock.now()));
}

async function sealBatch(sql: Sql, now: number): Promise<number> {
  const { head_seq, head_hash } = await lockAuditChain(sql);
  const rows = await listUnsealed(sql, BATCH);
  let head: Pick<AuditSealRow, 'seq' | 'hash'> = { seq: head_seq, hash: head_hash };
  const seals = rows.map((row): AuditSealRow => {
    const place = { seq: head.seq + 1, sealed_at: now };
    const seal = { ...place, audit_id: row.id, hash: sealHash(head.hash, place, row) };
    head = seal;
    return seal;
  });
  if (seals.length === 0) return 0;
  await insertAuditSeals(sql, seals);
  await deleteSealed(sql, head_seq + 1, head.seq);
  await moveAuditChain(sql, head.seq, head.hash, now);
  return seals.length;
}
