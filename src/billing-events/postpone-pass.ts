import { type CustomerSyncRow, giveBack, postponeSync } from '#db/customer-sync.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { holdEvents } from '#db/sync-holds.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { errorMessage } from '#src/core/errors.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import { backoffMs } from './backoff.ts';
import type { BillingDeps } from './deps.ts';
import { failEvents } from './fail-events.ts';
import { LeaseLost } from './write-pass.ts';

/** Ends a pass that failed: it and its events are tried again after a pause, unless another worker has taken over. */
export async function postponePass(
  deps: BillingDeps,
  pass: { claim: CustomerSyncRow; token: string; events: readonly StripeEventRow[] },
  cause: Cause,
  error: unknown,
): Promise<'fenced' | 'postponed'> {
  const { claim, token, events } = pass;
  const context = {
    correlationId: cause.correlationId,
    stripeCustomer: claim.stripe_customer_id,
    attempt: claim.attempts + 1,
  };
  if (error instanceof LeaseLost) {
    deps.log.warn({ ...context, event: 'sync_fenced' }, 'The lease was lost; nothing of this pass was kept');
    // It may be that only the link moved: then the lease is ours, and whoever owns the customer now waits for its end.
    await giveBack(deps.database.knex, [claim.stripe_customer_id], token);
    return 'fenced';
  }
  const isAway = isStripeTrouble(error);
  deps.log[isAway ? 'warn' : 'error'](
    { ...context, err: error, event: 'sync_postponed' },
    errorMessage(error),
  );
  const now = deps.clock.now();
  const asked = error instanceof StripeAway ? error.retryAfterMs : null;
  const until = now + Math.max(asked ?? 0, backoffMs(claim.attempts + 1));
  await inTransaction(deps.database, async (sql) => {
    await holdEvents(
      sql,
      events.map(({ id }) => id),
    );
    // Stripe being away is nobody's fault: the events wait. A defect counts against them, so that none spins for ever.
    await failEvents(sql, { ...cause, now }, events, error, { until, countsAsDefect: !isAway });
    await postponeSync(sql, claim.stripe_customer_id, token, until, errorMessage(error));
  });
  return 'postponed';
}
