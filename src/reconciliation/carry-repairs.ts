import { claimRepair, type ReconcileFindingRow, renewRepair, settleRepair } from '#db/reconcile-findings.ts';
import { inTransaction } from '#db/transaction.ts';
import { backoffMs } from '#src/billing-events/backoff.ts';
import { keepLease } from '#src/billing-events/keep-lease.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { clamp } from '#src/core/text.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import type { ReconcileDeps } from './deps.ts';
import { endRepair } from './end-repair.ts';
import { examine } from './examine.ts';
import type { Hint } from './kinds.ts';
import { createRateBudget } from './rate-budget.ts';
import { LEASE_MS } from './read-shard.ts';
import { askForRepair, checkRepair, readAsked, sessionOf } from './repair.ts';
import { AWAY_MS } from './trouble.ts';
import { withinBudget } from './within-budget.ts';

const AT_ONCE = 20;
/** A defect is tried so often. */
const TRIES_MAX = 5;

/** Puts right what somebody approved, one finding at a time and at the shared pace; returns how many it looked at. */
export async function carryRepairs(deps: ReconcileDeps): Promise<number> {
  const budget = createRateBudget({ ...deps, perSecond: deps.settings.reconcile.requests_per_second });
  const paced: ReconcileDeps = { ...deps, stripe: withinBudget(deps.stripe, budget) };
  for (let done = 0; done < AT_ONCE; done++) {
    const now = deps.clock.now();
    const lease = { token: newId('lease', now), now, until: now + LEASE_MS };
    const next = await inTransaction(deps.database, (sql) => claimRepair(sql, lease));
    if (!next) return done;
    if (!(await repairOne(paced, next))) return done + 1;
  }
  return AT_ONCE;
}

/** False when Stripe is away, and others had better not be tried either. */
async function repairOne(deps: ReconcileDeps, finding: ReconcileFindingRow): Promise<boolean> {
  const { id, lease_token } = finding;
  const renew = (until: number) => renewRepair(deps.database.knex, id, lease_token ?? '', until);
  const stopKeeping = keepLease(renew, deps.clock);
  try {
    const asked = readAsked(finding);
    if (asked) {
      await inTransaction(deps.database, (sql) => checkRepair(sql, deps.clock.now(), finding, asked));
    } else {
      const subject = finding.stripe_customer_id ?? finding.customer_id ?? finding.subject;
      const { found } = await examine(deps, subject, hintOf(finding));
      await inTransaction(deps.database, (sql) => askForRepair(sql, deps.clock.now(), finding, found));
    }
    return true;
  } catch (error) {
    await postpone(deps, finding, error);
    return !isStripeTrouble(error);
  } finally {
    stopKeeping();
  }
}

/** The checkout session stands in the evidence of nothing else, so a payment is looked at under both names. */
function hintOf(finding: ReconcileFindingRow): Hint | null {
  if (!finding.kind.startsWith('credits_')) return null;
  return { payments: [{ id: finding.subject, sessionId: sessionOf(finding) }] };
}

/** Stripe being away is waited for; a defect is tried some times, and then a person hears of it. */
async function postpone(deps: ReconcileDeps, finding: ReconcileFindingRow, error: unknown): Promise<void> {
  const isTrouble = isStripeTrouble(error);
  const message = errorMessage(error);
  deps.log[isTrouble ? 'warn' : 'error'](
    { event: 'reconcile_repair_postponed', finding: finding.id, err: error },
    message,
  );
  const now = deps.clock.now();
  const attempts = finding.attempts + (isTrouble ? 0 : 1);
  const retryMs = error instanceof StripeAway ? (error.retryAfterMs ?? 0) : 0;
  const waitMs = isTrouble ? Math.max(retryMs, AWAY_MS) : backoffMs(attempts);
  const outcome = `Not yet: ${message}`;
  await inTransaction(deps.database, async (sql) => {
    if (attempts < TRIES_MAX) {
      await settleRepair(sql, finding, { attempts, next_attempt_at: now + waitMs, outcome });
      return;
    }
    const why = `It failed ${TRIES_MAX} times: ${clamp(message, 300).replace(/\.$/, '')}.`;
    const todo = 'Find the cause in the log (reconcile_repair_postponed), then begin a new reconciliation.';
    await endRepair(sql, now, finding, { state: 'refused', outcome: `${why} ${todo}` });
  });
}
