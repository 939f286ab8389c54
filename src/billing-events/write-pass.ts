import type { Sql } from '#db/connection.ts';
import { findLink, setLinkStatus } from '#db/customer-links.ts';
import { type CustomerSyncRow, finishSync, holdsLease } from '#db/customer-sync.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { EntitlementChangeRow } from '#db/entitlements.ts';
import { finishEvents, nextOpenEventAt } from '#db/stripe-event-queue.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { preserveOpened } from '#src/disputes/evidence/on-opening.ts';
import { recordCases } from '#src/disputes/record.ts';
import { noteRefunded } from '#src/disputes/refunded.ts';
import { addOpenDisputes, tellCases } from '#src/disputes/tell.ts';
import { announceChange } from '#src/entitlements/announce.ts';
import { openEntitlement, type Recomputed, recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { nextTryFacts, tellNoMoreTries } from '#src/grace/no-more-tries.ts';
import { trackGrace } from '#src/grace/track.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import { announceCredits } from './announce-credits.ts';
import { freezeDisputed } from './apply-disputes.ts';
import { applyPayments, type PaymentNews } from './apply-payments.ts';
import { backoffMs } from './backoff.ts';
import { listBookedOwners, recomputeBookedOwners } from './booked-owners.ts';
import type { BillingDeps } from './deps.ts';
import { failEvents } from './fail-events.ts';
import type { FetchedCustomer } from './fetch-customer.ts';
import { mirrorSubscriptions } from './mirror-subscriptions.ts';
import { raiseSyncFindings } from './sync-findings.ts';
import { tellUnfinalized } from './tell-unfinalized.ts';
import { wakeOurEffects } from './wake-our-effects.ts';

/** The pass outlived its lease: another worker may have done newer work, so nothing of this one is kept. */
export class LeaseLost extends Error {}

export type Pass = {
  claim: CustomerSyncRow;
  token: string;
  owner: CustomerRow;
  events: readonly StripeEventRow[];
  fetched: FetchedCustomer;
};

/** What a pass came to, for the log. */
export type Written = { recomputed: Recomputed; news: PaymentNews[]; others: EntitlementChangeRow[] };

/** Everything of one pass, in a transaction that holds its lease. */
export async function writePass(sql: Sql, deps: BillingDeps, asked: Cause, pass: Pass): Promise<Written> {
  const { claim, token, owner, events } = pass;
  // It may run a second time, alone: what could not be booked is found out each time anew.
  const fetched = { ...pass.fetched, unreadable: new Map(pass.fetched.unreadable) };
  // Time goes by while Stripe is asked: an override that ran out meanwhile must not come back.
  const cause = { ...asked, now: deps.clock.now() };
  const id = claim.stripe_customer_id;
  if (!(await holdsLease(sql, id, token))) throw new LeaseLost();
  // Unlinked, or linked to somebody else, while Stripe was asked: what was fetched is not this owner's.
  if ((await findLink(sql, id))?.customer_id !== owner.id) throw new LeaseLost();
  const bookedFor = await listBookedOwners(sql, fetched);
  // In the same order as a member of staff who confirms: the customer first, then the credits. Several in one order.
  for (const each of [...new Set([owner.id, ...bookedFor])].sort())
    await openEntitlement(sql, deps.settings, each, cause.now);
  deps.crashPoint?.('sync writing');
  if (fetched.isDeleted) await setLinkStatus(sql, id, 'deleted_at_stripe');
  await mirrorSubscriptions(sql, deps.mode, id, fetched.subscriptions, cause.now);
  const failures = new Map(fetched.failures);
  // What the bank keeps decides how many credits a payment keeps, so disputes are known before it is settled.
  const caseOwner = { mode: deps.mode, stripeCustomerId: id, customerId: owner.id };
  const caseNews = await recordCases(sql, caseOwner, fetched.cases, cause.now);
  const news = await applyPayments(sql, deps, cause, owner, fetched, failures);
  news.push(...(await freezeDisputed(sql, cause, fetched)));
  for (const each of await noteRefunded(sql, cause, id)) caseNews.disputeIds.add(each);
  await trackGrace(
    sql,
    cause,
    deps.settings,
    { customerId: owner.id, stripeCustomerId: id },
    fetched.subscriptions,
  );
  const causeRef = events[0]?.id ?? id;
  const recomputed = await recomputeEntitlement(
    sql,
    { settings: deps.settings, mode: deps.mode, cause },
    owner.id,
    {
      kind: 'event',
      ref: causeRef,
      reason: explain(fetched, recomputedBy(events)),
    },
  );
  const others = await recomputeBookedOwners(
    sql,
    deps,
    cause,
    bookedFor.filter((each) => each !== owner.id),
  );
  await raiseSyncFindings(sql, cause, owner, id, fetched, recomputed, news);
  await audit(sql, cause, pass, recomputed, news);
  const payments = fetched.payments.map(({ truth }) => truth);
  await announce(sql, cause, owner, recomputed, news, payments);
  await tellNoMoreTries(sql, cause, owner, payments);
  await tellUnfinalized(sql, cause, owner, events, payments);
  if (recomputed.change || news.length > 0) addOpenDisputes(caseNews, fetched.cases);
  await preserveOpened(sql, cause, caseNews.disputeIds);
  await tellCases(sql, deps.settings, cause, caseNews);
  await wakeOurEffects(sql, cause.now, events);
  await endEvents(sql, cause, events, failures, recomputed, fetched.outcomes);
  // Whatever is still open (failed, backing off, or come too late for this pass) wants another pass in its time.
  const againAt = await nextOpenEventAt(sql, id);
  const isOurs = await finishSync(sql, id, token, { syncedSeq: claim.dirty_seq, now: cause.now, againAt });
  if (!isOurs) throw new LeaseLost();
  deps.crashPoint?.('sync about to commit');
  return { recomputed, news, others };
}

function recomputedBy(events: readonly StripeEventRow[]): string {
  const types = [...new Set(events.map((event) => event.type))];
  return types.length > 0 ? ` (${types.slice(0, 3).join(', ')})` : '';
}

/** Why, in Stripe's own words for the statuses. */
function explain(fetched: FetchedCustomer, by: string): string {
  if (fetched.isDeleted) return `The customer was deleted at Stripe${by}.`;
  const statuses = fetched.subscriptions.map(
    (subscription) => `${subscription.id} is ${subscription.status}`,
  );
  return statuses.length > 0
    ? `Stripe: ${statuses.slice(0, 3).join(', ')}${by}.`
    : `Stripe knows no subscription${by}.`;
}

/** What Stripe moved stands in the audit beside what staff moved; a pass that moved nothing leaves no row. */
async function audit(
  sql: Sql,
  cause: Cause,
  { claim, owner, events }: Pass,
  { change, before, entitlement }: Recomputed,
  news: readonly PaymentNews[],
): Promise<void> {
  if (!change && news.length === 0) return;
  await recordAudit(sql, cause, {
    command: 'stripe sync',
    outcome: 'done',
    customerId: owner.id,
    input: { stripeCustomer: claim.stripe_customer_id, events: events.map((event) => event.id) },
    before: { tier: before.tier, access: before.access },
    after: { tier: entitlement.tier, access: entitlement.access, credits: news.map((item) => item.sentence) },
  });
}

/** One message a pass: the tier with the credits that came with it, or the credits alone. */
async function announce(
  sql: Sql,
  cause: Cause,
  owner: CustomerRow,
  recomputed: Recomputed,
  news: readonly PaymentNews[],
  payments: readonly PaymentTruth[],
): Promise<void> {
  const { change, before, entitlement } = recomputed;
  if (!change) return announceCredits(sql, cause, owner, news);
  const facts = news.map((item) => ({ label: 'Credits', value: item.sentence }));
  const until =
    entitlement.graceDeadlineAt && before.grace_deadline_at !== entitlement.graceDeadlineAt
      ? [{ label: 'Grace until', value: { at: entitlement.graceDeadlineAt } }, ...nextTryFacts(payments)]
      : [];
  await announceChange(sql, cause, owner.email, change, { changes: [], facts: [...facts, ...until] });
}

async function endEvents(
  sql: Sql,
  cause: Cause,
  events: readonly StripeEventRow[],
  failures: ReadonlyMap<string, unknown>,
  recomputed: Recomputed,
  outcomes: ReadonlyMap<string, string>,
): Promise<void> {
  const done = events.filter((event) => !failures.has(event.id) && !outcomes.has(event.id));
  const outcome = recomputed.change
    ? `subscription_updated: version ${recomputed.change.version}`
    : 'Nothing had to change: tier and access were right already.';
  await finishEvents(
    sql,
    done.map((event) => event.id),
    outcome,
    cause.now,
  );
  for (const [id, words] of outcomes)
    if (!failures.has(id))
      await finishEvents(sql, [id], recomputed.change ? `${words} ${outcome}` : words, cause.now);
  for (const event of events) {
    if (!failures.has(event.id)) continue;
    await failEvents(sql, cause, [event], failures.get(event.id), {
      until: cause.now + backoffMs(event.attempts + 1),
      countsAsDefect: true,
    });
  }
}
