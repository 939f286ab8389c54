import { claimAuditProof, scheduleAuditProof } from '#db/audit-chain.ts';
import type { Database, Sql } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { type Clock, DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import { counted } from '#src/core/text.ts';
import { raiseFinding, settleFinding } from '#src/findings/open.ts';
import { scheduleCause } from './schedule-cause.ts';
import { type Proof, verifyAudit } from './verify.ts';

/** After midnight UTC, when the ledger's own proof is done. */
const PROOF_AT_MS = 4 * HOUR_MS;
/** Another process tries again should this one die in the middle. */
const PROOF_TAKES_MS = 2 * HOUR_MS;

/**
 * The nightly proof: verifies the whole chain once a day, in one process, and tells on-call what is wrong. Outside of
 * any transaction, because a long chain takes minutes, and nobody may wait for it. Returns whether it was due.
 */
export async function proveAudit(deps: { database: Database; clock: Clock; log: Log }): Promise<boolean> {
  const { knex } = deps.database;
  const startedAt = deps.clock.now();
  if (!(await claimAuditProof(knex, startedAt, startedAt + PROOF_TAKES_MS))) return false;
  const proof = await verifyAudit(knex, startedAt);
  const cause = scheduleCause(deps.clock.now(), 'The nightly proof of the audit');
  await inTransaction(deps.database, async (sql) => {
    await tellBroken(sql, cause, proof);
    await tellOverdue(sql, cause, proof);
    await scheduleAuditProof(sql, nextProofAt(cause.now));
  });
  const level = proof.problemCount > 0 ? 'error' : 'info';
  deps.log[level](
    {
      event: 'audit_proved',
      correlationId: cause.correlationId,
      seq: proof.seq,
      checked: proof.checked,
      problems: proof.problemCount,
      unsealed: proof.unsealed.count,
    },
    'audit_proved',
  );
  return true;
}

async function tellBroken(sql: Sql, cause: Cause, proof: Proof): Promise<void> {
  const [first] = proof.problems;
  if (!first) return settleFinding(sql, 'audit_broken', 'chain', cause.now);
  const more = proof.problemCount > 1 ? ` There are ${counted(proof.problemCount - 1, 'more problem')}.` : '';
  await raiseFinding(sql, cause, {
    kind: 'audit_broken',
    subject: 'chain',
    customerId: null,
    summary: `The audit was changed behind Lucy’s back. ${first.sentence}${more}`,
    hint: 'Keep the database as it is, find out who could write to it, and compare with the last backup. “audit verify” shows all of it.',
    evidence: { seq: proof.seq, hash: proof.hash, problems: proof.problems, count: proof.problemCount },
    tell: 'oncall',
  });
}

async function tellOverdue(sql: Sql, cause: Cause, { unsealed }: Proof): Promise<void> {
  if (!unsealed.isOverdue) return settleFinding(sql, 'audit_broken', 'sealing', cause.now);
  await raiseFinding(sql, cause, {
    kind: 'audit_broken',
    subject: 'sealing',
    customerId: null,
    summary: `${counted(unsealed.count, 'audit row')} should be sealed by now, and ${unsealed.count === 1 ? 'is' : 'are'} not.`,
    hint: 'Look for “job_failed” with the job “seal” in the log; until it works, those rows could be changed unseen.',
    evidence: unsealed,
    tell: 'oncall',
  });
}

function nextProofAt(now: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS + PROOF_AT_MS;
  return today > now ? today : today + DAY_MS;
}
