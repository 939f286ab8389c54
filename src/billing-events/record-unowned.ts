import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { findPayment } from '#db/payments.ts';
import { listOpenEvents } from '#db/stripe-event-queue.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import type { FetchedCases } from '#src/disputes/fetch.ts';
import { recordCases } from '#src/disputes/record.ts';
import { tellCases } from '#src/disputes/tell.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { openEntitlement } from '#src/entitlements/recompute.ts';
import { announceCredits } from './announce-credits.ts';
import { freezeDisputed, settleDisputed } from './apply-disputes.ts';
import { listBookedOwners, recomputeBookedOwners } from './booked-owners.ts';
import type { BillingDeps } from './deps.ts';
import { ruleOf } from './event-types.ts';
import { fetchAllCases } from './fetch-cases.ts';

const EVENTS_MAX = 200;

/**
 * A bank does not wait until somebody links a customer: disputes and fraud warnings of nobody's have their cards, too.
 * Only what was booked before somebody unlinked it follows them; nothing else is done before the customer is linked.
 */
export async function recordUnowned(
  deps: BillingDeps,
  cause: Cause,
  stripeCustomerId: string,
): Promise<void> {
  const events = await listOpenEvents(deps.database.knex, stripeCustomerId, cause.now, EVENTS_MAX);
  await recordCasesOf(deps, cause, stripeCustomerId, events.filter(isNew));
}

/** The same for the charge of an event; null: whoever paid has no customer at Stripe. */
export async function recordCasesOf(
  deps: BillingDeps,
  cause: Cause,
  stripeCustomerId: string | null,
  events: readonly StripeEventRow[],
): Promise<FetchedCases> {
  const wanted = events.filter(isOfBank);
  if (wanted.length === 0) return { disputes: [], warnings: [] };
  let failed: unknown = null;
  const blame = (_id: string, _eventIds: readonly string[], error: unknown) => {
    failed ??= error;
  };
  const { cases } = await fetchAllCases(deps, stripeCustomerId, wanted, new Map(), blame);
  if (failed) throw failed;
  const changes = await inTransaction(deps.database, async (sql) => {
    // Paid while it was linked: that money, its credits and the access stay theirs, and follow the dispute.
    const owners = await listBookedOwners(sql, { payments: [], cases });
    for (const id of owners) await openEntitlement(sql, deps.settings, id, cause.now);
    const owner = { mode: deps.mode, stripeCustomerId, customerId: null };
    const news = await recordCases(sql, owner, cases, cause.now);
    await settleBooked(sql, cause, cases);
    const moved = await recomputeBookedOwners(sql, deps, cause, owners);
    await tellCases(sql, deps.settings, cause, news);
    return moved;
  });
  for (const change of changes) deps.log.info(changeLog(change, 'dispute_of_unlinked'), 'entitlement_change');
  return cases;
}

async function settleBooked(sql: Sql, cause: Cause, cases: FetchedCases): Promise<void> {
  const moved = await settleDisputed(sql, cause, cases);
  const frozen = await freezeDisputed(sql, cause, { payments: [], cases });
  for (const item of [...moved, ...frozen]) {
    const payment = await findPayment(sql, item.paymentId);
    const owner = payment?.customer_id ? await findCustomerById(sql, payment.customer_id) : undefined;
    if (owner) await announceCredits(sql, cause, owner, [item]);
  }
}

/** Those that wait for a link have told already. */
function isNew({ status }: StripeEventRow): boolean {
  return status !== 'waiting';
}

function isOfBank({ type }: Pick<StripeEventRow, 'type'>): boolean {
  const kind = ruleOf(type)?.kind;
  return kind === 'dispute' || kind === 'warning';
}
