import type { Sql } from '#db/connection.ts';
import {
  lockReconcileRun,
  type ReconcileRunRow,
  touchReconcileRun,
  updateReconcileRun,
} from '#db/reconcile-runs.ts';
import { advanceShard, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import { endSuspect, type ReconcileSuspectRow, settleSuspect } from '#db/reconcile-suspects.ts';
import { inTransaction } from '#db/transaction.ts';
import { backoffMs } from '#src/billing-events/backoff.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { clamp } from '#src/core/text.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import type { ReconcileDeps } from './deps.ts';
import { readSubject } from './examine.ts';
import { endRun } from './finish.ts';
import { keepFindings } from './keep-suspects.ts';
import type { Found } from './kinds.ts';

/** A defect is tried so often. */
const TRIES_MAX = 5;

/** So soon Stripe is asked again whether it is back. */
export const AWAY_MS = 30 * SECOND_MS;

type Postponed = { attempts: number; next_attempt_at: number; error: string };

/** A piece that could not be read is read again later; the run waits meanwhile, and is never done without it. */
export async function shardFailed(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  shard: ReconcileShardRow,
  error: unknown,
): Promise<void> {
  await failed(deps, run, error, shard.attempts, {
    async postpone(sql, patch) {
      const freed = { ...patch, lease_token: null, lease_until: 0 };
      return advanceShard(sql, shard.id, shard.lease_token ?? '', freed);
    },
    // A list with a hole is none.
    giveUp: (sql, held, message) =>
      endRun(sql, deps, held, 'failed', `It failed ${TRIES_MAX} times in a row: ${message}`),
  });
}

/** One customer who cannot be read is told of, and holds up nobody else. */
export async function suspectFailed(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  suspect: ReconcileSuspectRow,
  error: unknown,
): Promise<void> {
  await failed(deps, run, error, suspect.attempts, {
    postpone: (sql, patch) => settleSuspect(sql, suspect, patch),
    async giveUp(sql, held, message) {
      const { run_id, subject } = suspect;
      await endSuspect(sql, { run_id, subject });
      await keepFindings(sql, held, [await unreadable(sql, subject, message)], deps.clock.now());
      await touchReconcileRun(sql, held.id, deps.clock.now());
    },
  });
}

async function unreadable(sql: Sql, subject: string, message: string): Promise<Found> {
  const { owner, customers } = await readSubject(sql, subject);
  return {
    kind: 'unreadable',
    subject,
    customerId: owner?.id ?? null,
    stripeCustomerId: customers[0] ?? null,
    stripe: `could not be compared, ${TRIES_MAX} times in a row: ${clamp(message, 300)}`,
    lucy: 'not compared',
    action: owner
      ? `Find the cause in the log (reconcile_postponed), then: reconcile run ${owner.email}`
      : 'Find the cause in the log (reconcile_postponed), then begin a new reconciliation.',
    isAmbiguous: true,
  };
}

type Tried = {
  /** False when the lease was lost. */
  postpone(sql: Sql, patch: Postponed): Promise<boolean>;
  /** After the last try at what is no fault of Stripe's. */
  giveUp(sql: Sql, run: ReconcileRunRow, message: string): Promise<void>;
};

async function failed(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  error: unknown,
  triedBefore: number,
  { postpone, giveUp }: Tried,
): Promise<void> {
  const now = deps.clock.now();
  const isTooFast = error instanceof StripeAway && error.isTooFast;
  const isTrouble = isStripeTrouble(error);
  const asked = error instanceof StripeAway ? (error.retryAfterMs ?? 0) : 0;
  // What Stripe is to blame for counts against nobody: it may be away for hours, and then a defect has its tries still.
  const attempts = isTrouble ? triedBefore : triedBefore + 1;
  // “Too fast” has its own brake, the budget; here it only waits for its turn again.
  const troubleMs = isTooFast ? SECOND_MS : AWAY_MS;
  const waitMs = Math.max(asked, isTrouble ? troubleMs : backoffMs(attempts));
  const message = errorMessage(error);
  deps.log[isTrouble ? 'warn' : 'error'](
    { event: 'reconcile_postponed', reconciliation: run.id, correlationId: run.correlation_id, err: error },
    message,
  );
  await inTransaction(deps.database, async (sql) => {
    const isOurs = await postpone(sql, {
      attempts,
      next_attempt_at: now + waitMs,
      error: message,
    });
    const held = isOurs ? await lockReconcileRun(sql, run.id) : undefined;
    if (!held || held.ended_at !== null) return;
    if (!isTrouble && attempts >= TRIES_MAX) await giveUp(sql, held, message);
    else if (isTrouble && !isTooFast)
      await updateReconcileRun(sql, run.id, { state: 'waiting', error: message });
  });
}
