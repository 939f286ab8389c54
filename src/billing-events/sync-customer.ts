import { type CustomerSyncRow, claimSync, postponeSync, renewLease } from '#db/customer-sync.ts';
import { listOpenEvents } from '#db/stripe-event-queue.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { inTransaction } from '#db/transaction.ts';
import { stripeActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import { backoffMs } from './backoff.ts';
import { chooseReading } from './bulk-reading.ts';
import { commitSync, LeaseLost } from './commit-sync.ts';
import type { BillingDeps } from './deps.ts';
import { ruleOf } from './event-types.ts';
import { failEvents } from './fail-events.ts';
import { fetchCustomer } from './fetch-customer.ts';
import { findOwner, parkUnlinked } from './find-owner.ts';
import { keepLease, LEASE_MS } from './keep-lease.ts';
import { recordUnowned } from './record-unowned.ts';

const EVENTS_PER_PASS = 200;

export type SyncResult = 'idle' | 'synced' | 'unlinked' | 'postponed' | 'fenced';

/**
 * One pass: take the most urgent dirty customer, fetch all that Stripe knows of them, and commit tier, access,
 * credits, messages and the end of their events in one transaction under the lease. Events that arrive meanwhile
 * raise the dirty mark again, so nothing is missed, and any number of them costs one more pass.
 */
export async function syncNext(deps: BillingDeps): Promise<SyncResult> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const claim = await inTransaction(deps.database, (sql) => claimSync(sql, token, now, now + LEASE_MS));
  if (!claim) return 'idle';
  deps.crashPoint?.('sync claimed');
  const id = claim.stripe_customer_id;
  const stopKeeping = keepLease((until) => renewLease(deps.database.knex, id, token, until), deps.clock);
  let events: StripeEventRow[] = [];
  let cause = causeOfPass(deps, id, events);
  try {
    const owner = await findOwner(deps, cause, id);
    if (!owner) {
      await recordUnowned(deps, cause, id);
      await parkUnlinked(deps, cause, claim, token);
      return 'unlinked';
    }
    events = await listOpenEvents(deps.database.knex, id, now, EVENTS_PER_PASS);
    cause = causeOfPass(deps, id, events);
    const stripe = await chooseReading(deps, claim);
    const fetched = await fetchCustomer({ ...deps, stripe }, id, events);
    deps.crashPoint?.('sync fetched');
    await commitSync(deps, cause, { claim, token, owner, events, fetched });
    deps.crashPoint?.('sync committed');
    return 'synced';
  } catch (error) {
    return await handleFailure(deps, claim, token, events, cause, error);
  } finally {
    stopKeeping();
  }
}

/** The first event names the cause; a pass without any was asked for by a link or a reset. */
function causeOfPass(deps: BillingDeps, stripeCustomerId: string, events: readonly StripeEventRow[]): Cause {
  const first = events[0];
  const now = deps.clock.now();
  return {
    actor: stripeActor,
    surface: first ? 'webhook' : 'job',
    correlationId: first?.correlation_id ?? newCorrelationId(now),
    reason: first
      ? `Stripe: ${first.type}. ${ruleOf(first.type)?.why ?? ''}`.trim()
      : `Stripe’s present state of ${stripeCustomerId}`,
    ticket: null,
    runId: null,
    now,
  };
}

async function handleFailure(
  deps: BillingDeps,
  claim: CustomerSyncRow,
  token: string,
  events: readonly StripeEventRow[],
  cause: Cause,
  error: unknown,
): Promise<SyncResult> {
  const context = {
    correlationId: cause.correlationId,
    stripeCustomer: claim.stripe_customer_id,
    attempt: claim.attempts + 1,
  };
  if (error instanceof LeaseLost) {
    deps.log.warn({ ...context, event: 'sync_fenced' }, 'The lease was lost; nothing of this pass was kept');
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
    // Stripe being away is nobody's fault: the events wait. A defect counts against them, so that none spins for ever.
    await failEvents(sql, { ...cause, now }, events, error, { until, countsAsDefect: !isAway });
    await postponeSync(sql, claim.stripe_customer_id, token, until, errorMessage(error));
  });
  return 'postponed';
}
