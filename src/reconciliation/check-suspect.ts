import { findReconcileRun, type ReconcileRunRow, touchReconcileRun } from '#db/reconcile-runs.ts';
import { type ReconcileSuspectRow, settleSuspect } from '#db/reconcile-suspects.ts';
import { inTransaction } from '#db/transaction.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import type { ReconcileDeps } from './deps.ts';
import { examine } from './examine.ts';
import { keepFindings, readHint } from './keep-suspects.ts';

/** A webhook arrives within seconds: what two looks so far apart both see is not just on its way. */
export const SETTLE_MS = 10 * SECOND_MS;
/** What moved here lately may still be moving. */
const REST_MS = 2 * MINUTE_MS;
/** Somebody who never comes to rest is told of all the same. */
const PATIENCE_MS = 10 * MINUTE_MS;

/** Looks closely at one suspect; what two looks see alike, and nobody is working on, becomes a finding. */
export async function checkSuspect(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  suspect: ReconcileSuspectRow,
): Promise<void> {
  const { found, isDirty, movedAt } = await examine(deps, suspect.subject, readHint(suspect.hint));
  const now = deps.clock.now();
  const hash = found.length > 0 ? fingerprint(found) : null;
  const isSeenTwice =
    hash !== null && hash === suspect.seen_hash && now - (suspect.seen_at ?? now) >= SETTLE_MS;
  const isAtRest = !isDirty && now - movedAt >= REST_MS;
  const hasWaited = now - suspect.found_at >= (isDirty ? REST_MS : PATIENCE_MS);
  await inTransaction(deps.database, async (sql) => {
    if (hash !== null && !(isSeenTwice && (isAtRest || hasWaited))) {
      const isSame = hash === suspect.seen_hash;
      await settleSuspect(sql, suspect, {
        seen_hash: hash,
        seen_at: isSame ? suspect.seen_at : now,
        next_attempt_at:
          now + (isDirty || isAtRest ? SETTLE_MS : Math.max(SETTLE_MS, movedAt + REST_MS - now)),
        attempts: 0,
        error: null,
      });
      return;
    }
    if (!(await settleSuspect(sql, suspect, { state: 'done', attempts: 0, error: null }))) return;
    const held = await findReconcileRun(sql, run.id);
    if (held && held.state !== 'cancelled') await keepFindings(sql, run, found, now);
    await touchReconcileRun(sql, run.id, now);
  });
}
