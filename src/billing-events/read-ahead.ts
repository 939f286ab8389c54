import { asDatabase } from '#db/as-database.ts';
import type { Database } from '#db/connection.ts';
import type { CustomerSyncRow } from '#db/customer-sync.ts';
import { createReadAhead } from '#db/read-ahead.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import type { Asked } from '#db/sync-batch-asked.ts';
import { listOpenEventsOfMany } from '#db/sync-batch-events.ts';
import { grantKeyOf } from '#src/payments/apply-payment.ts';
import type { BillingDeps } from './deps.ts';
import { ruleOf } from './event-types.ts';
import { type EventHint, hintOf } from './read-event.ts';
import type { Pass } from './write-pass.ts';

const EVENTS_PER_PASS = 200;

/** What many passes need from the database before Stripe is asked, read for all of them at once. */
export type KnownBefore = {
  database: Database;
  eventsOf(stripeCustomerId: string): readonly StripeEventRow[];
};

/** Events first: what a bulk refresh read is as good as asking now only if the dirty mark is looked up after them. */
export async function readBefore(
  deps: BillingDeps,
  claims: readonly CustomerSyncRow[],
  now: number,
): Promise<KnownBefore> {
  const ids = claims.map((claim) => claim.stripe_customer_id);
  const events = await listOpenEventsOfMany(deps.database, ids, now, EVENTS_PER_PASS);
  const { sql, readAhead } = createReadAhead(deps.database);
  const inBulk = claims.flatMap(({ bulk_id, stripe_customer_id: id }) => (bulk_id ? [[bulk_id, id]] : []));
  if (inBulk.length > 0)
    await readAhead([
      ['customer_sync:stripe_customer_id', inBulk.map(([, id = '']) => id)],
      ['bulk_refreshes:id', inBulk.map(([bulkId = '']) => bulkId)],
      ['bulk_reads:bulk_id+stripe_customer_id', inBulk],
    ]);
  await readAhead([
    ['customer_links:stripe_customer_id', ids],
    ['customers:id', { of: 'customer_links', column: 'customer_id' }],
    ['stripe_effects:stripe_customer_id', ids],
    ['payment_asks:stripe_customer_id', ids],
    ['disputes:stripe_customer_id', ids],
    ['early_fraud_warnings:stripe_customer_id', ids],
    ['payments:id', [...events.values()].flat().flatMap(invoicesNamed)],
  ]);
  return { database: asDatabase(sql), eventsOf: (id) => events.get(id) ?? [] };
}

/** What these passes will read and change, as far as what was fetched tells; the rest is read when it is asked for. */
export function aheadOf(passes: readonly Pass[]): Asked {
  const ids = passes.map(({ claim }) => claim.stripe_customer_id);
  const owners = passes.map(({ owner }) => owner.id);
  const payers = passes.flatMap(({ owner, fetched }) => (fetched.payments.length > 0 ? [owner.id] : []));
  const truths = passes.flatMap(({ fetched }) => fetched.payments.map(({ truth }) => truth));
  const paymentIds = truths.map(({ id }) => id);
  const intentIds = truths.flatMap(({ paymentIntentId }) => paymentIntentId ?? []);
  const chargeIds = truths.flatMap(({ chargeId }) => chargeId ?? []);
  const anyIds = [...new Set([...paymentIds, ...intentIds])];
  const upgraded = truths.filter(({ billingReason }) => billingReason === 'subscription_update');
  const targets = passes.flatMap(({ events }) => events.flatMap(effectTargets));
  return [
    // Held, in the order in which everybody holds them.
    ['customer_sync:stripe_customer_id', ids],
    ['entitlements:customer_id', owners],
    ['credit_accounts:customer_id', payers],
    // Read now that these are held: nobody else changes what follows.
    ['customer_links:stripe_customer_id', ids],
    ['customer_links:customer_id', owners],
    ['subscriptions:id', passes.flatMap(({ fetched }) => fetched.subscriptions.map(({ id }) => id))],
    ['subscriptions:stripe_customer_id', { of: 'customer_links', column: 'stripe_customer_id' }],
    ['payments:id', anyIds],
    ['payments:payment_intent_id', anyIds],
    ['payments:charge_id', anyIds],
    ['credit_lots:account_id', { of: 'credit_accounts', column: 'id' }],
    ['credit_lots:subscription_id', upgraded.flatMap(({ subscriptionId }) => subscriptionId ?? [])],
    [
      'credit_entries:idempotency_key',
      truths.flatMap((truth) => truth.lines.map(({ id }) => grantKeyOf(truth, id))),
    ],
    ['grace_periods:customer_id', owners],
    ['manual_subscriptions:customer_id', owners],
    ['overrides:customer_id', owners],
    ['customer_locks:customer_id', owners],
    ['disputes:customer_id', owners],
    ['disputes:stripe_customer_id', ids],
    ['disputes:payment_id', paymentIds],
    ['disputes:charge_id', chargeIds],
    ['disputes:payment_intent_id', intentIds],
    [
      'findings:kind+subject',
      [
        ...owners.flatMap((id) => [
          ['unmapped_price', id],
          ['duplicate_subscription', id],
        ]),
        ...paymentIds.map((id) => ['invoice_not_finalized', id]),
      ],
    ],
    ['stripe_effects:target_id', targets],
    ['stripe_effects:object_id', targets],
    ['stripe_events:stripe_customer_id', ids],
  ];
}

/** The invoices that events speak of: most often those that are fetched. */
function invoicesNamed(event: StripeEventRow): string[] {
  if (ruleOf(event.type)?.kind === 'invoice') return named(event.object_id);
  return event.type.startsWith('customer.subscription.') ? named(readable(event)?.latestInvoiceId) : [];
}

function effectTargets(event: StripeEventRow): string[] {
  const kind = ruleOf(event.type)?.kind;
  if (!event.type.startsWith('customer.subscription.') && kind !== 'refund' && kind !== 'dispute') return [];
  const hint = readable(event);
  return [...named(hint?.objectId), ...named(hint?.chargeId)];
}

/** What cannot be read fails in its own pass, and holds up no other. */
function readable(event: StripeEventRow): EventHint | null {
  try {
    return hintOf(event);
  } catch {
    return null;
  }
}

function named(id: string | null | undefined): string[] {
  return id ? [id] : [];
}
