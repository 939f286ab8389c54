import type { Sql } from '#db/connection.ts';
import { lockReconcileRun, type ReconcileRunRow, updateReconcileRun } from '#db/reconcile-runs.ts';
import { advanceShard, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import { type ReconcileSuspectRow, settleSuspect } from '#db/reconcile-suspects.ts';
import { inTransaction } from '#db/transaction.ts';
import { backoffMs } from '#src/billing-events/backoff.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import type { ReconcileDeps } from './deps.ts';
import { endRun } from './finish.ts';

/** A defect is tried so often: then the run fails, because a comparison with a hole is none. */
const TRIES_MAX = 5;

type Postponed = { attempts: number; next_attempt_at: number; error: string };

/** A piece that could not be read is read again later; the run waits meanwhile, and is never done without it. */
export async function shardFailed(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  shard: ReconcileShardRow,
  error: unknown,
): Promise<void> {
  await failed(deps, run, error, shard.attempts, async (sql, patch) => {
    const freed = { ...patch, lease_token: null, lease_until: 0 };
    return advanceShard(sql, shard.id, shard.lease_token ?? '', freed);
  });
}

export async function suspectFailed(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  suspect: ReconcileSuspectRow,
  error: unknown,
): Promise<void> {
  await failed(deps, run, error, suspect.attempts, (sql, patch) => settleSuspect(sql, suspect, patch));
}

async function failed(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  error: unknown,
  triedBefore: number,
  postpone: (sql: Sql, patch: Postponed) => Promise<boolean>,
): Promise<void> {
  const now = deps.clock.now();
  const isTooFast = error instanceof StripeAway && error.isTooFast;
  const isTrouble = isStripeTrouble(error);
  const asked = error instanceof StripeAway ? (error.retryAfterMs ?? 0) : 0;
  const attempts = triedBefore + 1;
  // “Too fast” has its own brake, the budget; here it only waits for its turn again.
  const waitMs = Math.max(asked, isTooFast ? SECOND_MS : backoffMs(attempts));
  const message = errorMessage(error);
  deps.log[isTrouble ? 'warn' : 'error'](
    { event: 'reconcile_postponed', reconciliation: run.id, correlationId: run.correlation_id, err: error },
    message,
  );
  await inTransaction(deps.database, async (sql) => {
    const isOurs = await postpone(sql, {
      // What Stripe is to blame for counts against nobody.
      attempts: isTooFast ? triedBefore : attempts,
      next_attempt_at: now + waitMs,
      error: message,
    });
    const held = isOurs ? await lockReconcileRun(sql, run.id) : undefined;
    if (!held || held.ended_at !== null) return;
    if (!isTrouble && attempts >= TRIES_MAX)
      await endRun(sql, deps, held, 'failed', `It failed ${TRIES_MAX} times in a row: ${message}`);
    else if (!isTooFast) await updateReconcileRun(sql, run.id, { state: 'waiting', error: message });
  });
}
