import { countWaitingLinked, hasUnserved, isBacklog, releaseMarks } from '#db/bulk-marks.ts';
import { deleteBulkReads } from '#db/bulk-reads.ts';
import {
  type BulkRefreshRow,
  type BulkState,
  claimBulk,
  findActiveBulk,
  insertBulkIfNone,
  lastDroppedAt,
  updateBulk,
} from '#db/bulk-refreshes.ts';
import { inTransaction } from '#db/transaction.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { clamp } from '#src/core/text.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import { backoffMs } from './backoff.ts';
import { readInvoicePage, wantInvoices } from './bulk-invoices.ts';
import { isWorthReading, rememberLength } from './bulk-length.ts';
import { BULK_USABLE_MS, isTooLong } from './bulk-reading.ts';
import { markCustomers, readSubscriptionPage } from './bulk-subscriptions.ts';
import type { BillingDeps } from './deps.ts';
import { keepLease, LEASE_MS } from './keep-lease.ts';

/** Asks Stripe first, without a transaction, and returns what to write: rows, and how the refresh goes on. */
export type BulkStep = (
  deps: BillingDeps,
  bulk: BulkRefreshRow,
) => Promise<(sql: Parameters<typeof updateBulk>[0]) => Promise<Partial<BulkRefreshRow>>>;

const steps: Readonly<Record<Exclude<BulkState, 'done' | 'dropped'>, BulkStep>> = {
  marking: markCustomers,
  subscriptions: readSubscriptionPage,
  wanting: wantInvoices,
  invoices: readInvoicePage,
  ready: waitUntilServed,
  clearing: clear,
};

/** So that a stop of the service does not wait for the whole list. */
const STEPS_PER_LOOK = 50;
/** After one that came to nothing, customers are asked for singly for a while. */
const PAUSE_AFTER_DROP_MS = 10 * MINUTE_MS;
const CLEAR_AT_ONCE = 1_000;

/** Somebody else carries this refresh on: nothing of this step may be kept. */
class BulkLost extends Error {}

/**
 * One look at the backlog: begins a bulk refresh where that takes fewer calls than asking for each customer, or carries
 * on the one that is under way, from wherever it stopped (docs/decisions/0009-bulk-mode.md). Returns 1 while it has
 * more to do at once.
 */
export async function refreshInBulk(deps: BillingDeps): Promise<number> {
  await beginWhenWorthIt(deps);
  const now = deps.clock.now();
  const token = newId('lease', now);
  const bulk = await inTransaction(deps.database, (sql) => claimBulk(sql, token, now, now + LEASE_MS));
  if (!bulk) return 0;
  const stopKeeping = keepLease(
    (until) => updateBulk(deps.database.knex, bulk.id, token, { lease_until: until }),
    deps.clock,
  );
  try {
    return await carry(deps, bulk, token);
  } catch (error) {
    await handleFailure(deps, bulk, token, error);
    return 0;
  } finally {
    stopKeeping();
  }
}

async function beginWhenWorthIt(deps: BillingDeps): Promise<void> {
  const sql = deps.database.knex;
  const now = deps.clock.now();
  const { bulk_threshold: threshold } = deps.settings.webhooks;
  if (!(await isBacklog(sql, threshold)) || (await findActiveBulk(sql))) return;
  const droppedAt = await lastDroppedAt(sql);
  if (droppedAt !== null && now - droppedAt < PAUSE_AFTER_DROP_MS) return;
  const customers = await countWaitingLinked(sql, now);
  if (customers < threshold || !(await isWorthReading(deps, customers))) return;
  await insertBulkIfNone(sql, { id: newId('bulk', now), now });
}

async function carry(deps: BillingDeps, claimed: BulkRefreshRow, token: string): Promise<number> {
  let bulk = claimed;
  for (let step = 0; step < STEPS_PER_LOOK; step++) {
    const before = bulk.state;
    bulk = await takeStep(deps, bulk, token);
    if (bulk.active === null || (before === 'ready' && bulk.state === 'ready')) {
      await release(deps, bulk, token, {});
      return 0;
    }
  }
  await release(deps, bulk, token, {});
  return 1;
}

async function takeStep(deps: BillingDeps, bulk: BulkRefreshRow, token: string): Promise<BulkRefreshRow> {
  if (bulk.state === 'done' || bulk.state === 'dropped') return { ...bulk, active: null };
  const write = isTooLong(bulk, deps.clock.now()) ? giveUp(deps, bulk) : await steps[bulk.state](deps, bulk);
  deps.crashPoint?.('bulk step asked');
  const patch = await inTransaction(deps.database, async (sql) => {
    const written = { attempts: 0, ...(await write(sql)) };
    if (!(await updateBulk(sql, bulk.id, token, written))) throw new BulkLost();
    return written;
  });
  deps.crashPoint?.('bulk step taken');
  const next = { ...bulk, ...patch };
  if (next.state !== bulk.state) tell(deps, next);
  return next;
}

function tell(deps: BillingDeps, bulk: BulkRefreshRow): void {
  const { id, state, customers, pages, invoice_pages, invoices_found, outcome } = bulk;
  deps.log.info(
    { event: 'bulk_refresh', id, state, customers, pages, invoice_pages, invoices_found, outcome },
    `Bulk refresh: ${state}`,
  );
}

function giveUp(deps: BillingDeps, bulk: BulkRefreshRow): Awaited<ReturnType<BulkStep>> {
  return async (sql) => {
    await rememberLength(sql, bulk, bulk.state !== 'subscriptions', deps.clock.now());
    return dropped('The list took too long to read.');
  };
}

function dropped(outcome: string): Partial<BulkRefreshRow> {
  return { state: 'clearing', outcome, cursor: null };
}

async function waitUntilServed(deps: BillingDeps, bulk: BulkRefreshRow): ReturnType<BulkStep> {
  const isOld = deps.clock.now() - (bulk.ready_at ?? 0) > BULK_USABLE_MS;
  const isServed = isOld || !(await hasUnserved(deps.database.knex, bulk.id));
  return async () => (isServed ? { state: 'clearing' } : {});
}

async function clear(deps: BillingDeps, bulk: BulkRefreshRow): ReturnType<BulkStep> {
  return async (sql) => {
    if ((await releaseMarks(sql, bulk.id, CLEAR_AT_ONCE)) > 0) return {};
    if ((await deleteBulkReads(sql, bulk.id, CLEAR_AT_ONCE)) > 0) return {};
    const state = bulk.outcome === null ? 'done' : 'dropped';
    return { state, active: null, ended_at: deps.clock.now() };
  };
}

function release(deps: BillingDeps, bulk: BulkRefreshRow, token: string, patch: Partial<BulkRefreshRow>) {
  return updateBulk(deps.database.knex, bulk.id, token, { ...patch, lease_token: null, lease_until: 0 });
}

/** Stripe being away is waited for; anything else, and its customers are asked for singly. */
async function handleFailure(
  deps: BillingDeps,
  bulk: BulkRefreshRow,
  token: string,
  error: unknown,
): Promise<void> {
  if (error instanceof BulkLost) return;
  const isAway = isStripeTrouble(error);
  deps.log[isAway ? 'warn' : 'error'](
    { event: 'bulk_refresh_failed', id: bulk.id, err: error },
    errorMessage(error),
  );
  const asked = error instanceof StripeAway ? (error.retryAfterMs ?? 0) : 0;
  const attempts = bulk.attempts + 1;
  const next_attempt_at = deps.clock.now() + Math.max(asked, backoffMs(attempts));
  const patch = isAway ? { attempts, next_attempt_at } : dropped(clamp(errorMessage(error), 500));
  await release(deps, bulk, token, patch);
}
