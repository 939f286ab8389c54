import { type CustomerSyncRow, claimSyncs, giveBack, postponeSync, renewLeases } from '#db/customer-sync.ts';
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
import { commitSync, commitTogether } from './commit-sync.ts';
import type { BillingDeps } from './deps.ts';
import { ruleOf } from './event-types.ts';
import { failEvents } from './fail-events.ts';
import { fetchCustomer } from './fetch-customer.ts';
import { findLinked, findOwner, parkUnlinked } from './find-owner.ts';
import { keepLease, LEASE_MS } from './keep-lease.ts';
import { type KnownBefore, readBefore } from './read-ahead.ts';
import { recordUnowned } from './record-unowned.ts';
import { LeaseLost, type Pass } from './write-pass.ts';

export type SyncResult = 'idle' | 'synced' | 'unlinked' | 'postponed' | 'fenced';

/** Whoever was fetched first waits no longer than this for those who share the commit. */
export const TURN_MS = 200;

/** A pass on its way to its commit. */
type Ready = { cause: Cause; pass: Pass };

/** One pass over the most urgent dirty customer. */
export async function syncNext(deps: BillingDeps): Promise<SyncResult> {
  return (await syncMany(deps, 1))[0] ?? 'idle';
}

/**
 * A pass each over the most urgent dirty customers: fetches all that Stripe knows of them, one after the other, and
 * commits tier, access, credits, messages and the end of their events in one transaction under their leases. Events that
 * arrive meanwhile raise the dirty mark again, so nothing is missed, and any number of them costs one more pass.
 */
export async function syncMany(deps: BillingDeps, most: number): Promise<SyncResult[]> {
  return (await syncTurn(deps, most)).results;
}

/** The same, with how long one of them was fetched for; null when nobody was waiting. */
export async function syncTurn(
  deps: BillingDeps,
  most: number,
): Promise<{ results: SyncResult[]; fetchMs: number | null }> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const claims = await inTransaction(deps.database, (sql) =>
    claimSyncs(sql, token, now, now + LEASE_MS, most),
  );
  if (claims.length === 0) return { results: [], fetchMs: null };
  deps.crashPoint?.('sync claimed');
  const ids = claims.map((claim) => claim.stripe_customer_id);
  const stopKeeping = keepLease((until) => renewLeases(deps.database.knex, ids, token, until), deps.clock);
  try {
    const known = await readBefore(deps, claims, now);
    const results: SyncResult[] = [];
    const ready: Ready[] = [];
    const startedAt = deps.clock.now();
    for (const [index, claim] of claims.entries()) {
      if (index > 0 && deps.clock.now() - startedAt > TURN_MS) {
        await giveBack(deps.database.knex, ids.slice(index), token);
        break;
      }
      const fetched = await fetchPass(deps, known, claim, token);
      if (typeof fetched === 'string') results.push(fetched);
      else ready.push(fetched);
    }
    const fetchMs = (deps.clock.now() - startedAt) / (results.length + ready.length);
    return { results: [...results, ...(await commitAll(deps, ready))], fetchMs };
  } finally {
    stopKeeping();
  }
}

async function fetchPass(
  deps: BillingDeps,
  known: KnownBefore,
  claim: CustomerSyncRow,
  token: string,
): Promise<Ready | SyncResult> {
  const id = claim.stripe_customer_id;
  const events = known.eventsOf(id);
  const cause = causeOfPass(deps, id, events);
  try {
    const owner = (await findLinked(known.database.knex, id)) ?? (await findOwner(deps, cause, id));
    if (!owner) {
      await recordUnowned(deps, cause, id);
      await parkUnlinked(deps, cause, claim, token);
      return 'unlinked';
    }
    const stripe = await chooseReading({ ...deps, database: known.database }, claim);
    const fetched = await fetchCustomer({ ...deps, database: known.database, stripe }, id, events);
    deps.crashPoint?.('sync fetched');
    return { cause, pass: { claim, token, owner, events, fetched } };
  } catch (error) {
    return await handleFailure(deps, claim, token, events, cause, error);
  }
}

/** Together what is plain, and the rest one by one: one customer's defect holds nobody up. */
async function commitAll(deps: BillingDeps, ready: readonly Ready[]): Promise<SyncResult[]> {
  if (ready.length === 0) return [];
  const ends = await commitTogether(deps, ready);
  const results: SyncResult[] = [];
  for (const [index, { cause, pass }] of ready.entries()) {
    const end = ends[index] ?? 'alone';
    try {
      if (end === 'alone') await commitSync(deps, cause, pass);
      else if (end !== 'committed') throw end;
      deps.crashPoint?.('sync committed');
      results.push('synced');
    } catch (error) {
      results.push(await handleFailure(deps, pass.claim, pass.token, pass.events, cause, error));
    }
  }
  return results;
}

/** The first event names the cause; a pass without any was asked for by a link or a reset. */
export function causeOfPass(
  deps: BillingDeps,
  stripeCustomerId: string,
  events: readonly StripeEventRow[],
): Cause {
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
