import {
  countOnTheirWay,
  findReconcileRun,
  type ReconcileRunRow,
  touchReconcileRun,
} from '#db/reconcile-runs.ts';
import { type ReconcileSuspectRow, renewSuspect, settleSuspect } from '#db/reconcile-suspects.ts';
import { readUnrest } from '#db/reconcile-unrest.ts';
import { inTransaction } from '#db/transaction.ts';
import { keepLease } from '#src/billing-events/keep-lease.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import type { ReconcileDeps } from './deps.ts';
import { type Examined, examine, readSubject } from './examine.ts';
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
  const sql = deps.database.knex;
  const { owner, customers } = await readSubject(sql, suspect.subject);
  const { isOnItsWay } = await readUnrest(sql, customers, owner?.id ?? null);
  // Looked at now, a backlog would be nothing but differences, two calls to Stripe each.
  if (isOnItsWay) return awaitPass(deps, run, suspect);
  const stopKeeping = keepLease((until) => renewSuspect(sql, suspect, until), deps.clock);
  try {
    const examined = await examine(deps, suspect.subject, readHint(suspect.hint));
    if (examined.isOnItsWay && examined.found.length > 0) return await awaitPass(deps, run, suspect);
    await keepLook(deps, run, suspect, examined);
  } finally {
    stopKeeping();
  }
}

/** Looks again when the workers were there; after a while the run does not wait for them, and says of how many. */
async function awaitPass(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  suspect: ReconcileSuspectRow,
): Promise<void> {
  const now = deps.clock.now();
  await inTransaction(deps.database, async (sql) => {
    if (now - suspect.found_at < PATIENCE_MS) {
      await settleSuspect(sql, suspect, { next_attempt_at: now + SETTLE_MS, attempts: 0, error: null });
      return;
    }
    if (await settleSuspect(sql, suspect, { state: 'done', attempts: 0, error: null }))
      await countOnTheirWay(sql, run.id);
    await touchReconcileRun(sql, run.id, now);
  });
}

async function keepLook(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  suspect: ReconcileSuspectRow,
  { found, isDirty, movedAt }: Examined,
): Promise<void> {
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
