import { markDirty } from '#db/customer-sync.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import { finishEvents, listUnresolvedEvents } from '#db/stripe-event-queue.ts';
import { type StripeEventRow, updateEvent } from '#db/stripe-events.ts';
import { inTransaction } from '#db/transaction.ts';
import { stripeActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { errorMessage } from '#src/core/errors.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { backoffMs } from './backoff.ts';
import type { BillingDeps } from './deps.ts';
import { ruleOf } from './event-types.ts';
import { failEvents } from './fail-events.ts';
import { readHint } from './read-event.ts';
import { recordCasesOf } from './record-unowned.ts';

const BATCH = 50;

/** Finds the customer of events that do not name one, through the payment that they speak of. Returns how many it saw. */
export async function resolveEvents(deps: BillingDeps): Promise<number> {
  const events = await listUnresolvedEvents(deps.database.knex, deps.clock.now(), BATCH);
  for (const event of events) await resolveOne(deps, event);
  return events.length;
}

async function resolveOne(deps: BillingDeps, event: StripeEventRow): Promise<void> {
  const cause = causeOf(deps, event);
  try {
    const stripeCustomerId = await findStripeCustomer(deps, event);
    const cases = stripeCustomerId ? null : await recordCasesOf(deps, cause, null, [event]);
    await inTransaction(deps.database, async (sql) => {
      if (stripeCustomerId) {
        await updateEvent(sql, event.id, { stripe_customer_id: stripeCustomerId, status: 'received' });
        await markDirty(sql, stripeCustomerId, ruleOf(event.type)?.priority ?? 5);
        return;
      }
      if (cases && cases.disputes.length + cases.warnings.length > 0)
        return finishEvents(
          sql,
          [event.id],
          'No Stripe customer is behind it; its card tells of it.',
          cause.now,
        );
      await updateEvent(sql, event.id, {
        status: 'ignored',
        outcome: 'No Stripe customer is behind it.',
        processed_at: cause.now,
      });
      await raiseFinding(sql, cause, {
        kind: 'payment_without_customer',
        subject: event.object_id ?? event.id,
        customerId: null,
        summary: `${event.type} ${event.object_id ?? ''} has no Stripe customer behind it, so it belongs to nobody.`,
        hint: 'Look at it in Stripe. If it is a customer’s, grant its credits by hand: credits grant EMAIL COUNT',
        evidence: { event: event.id },
        tell: 'billing',
      });
    });
  } catch (error) {
    const isAway = isStripeTrouble(error);
    deps.log.warn(
      { correlationId: event.correlation_id, event: 'event_unresolved', id: event.id, err: error },
      errorMessage(error),
    );
    const until = deps.clock.now() + backoffMs((isAway ? event.away_attempts : event.attempts) + 1);
    await inTransaction(deps.database, (sql) =>
      failEvents(sql, cause, [event], error, { until, countsAsDefect: !isAway }),
    );
  }
}

async function findStripeCustomer(deps: BillingDeps, event: StripeEventRow): Promise<string | null> {
  const hint = readHint(event.payload);
  for (const id of [hint.paymentIntentId, hint.chargeId, hint.invoiceId]) {
    const local = id ? await findPaymentByAnyId(deps.database.knex, id) : undefined;
    if (local?.stripe_customer_id) return local.stripe_customer_id;
  }
  if (hint.paymentIntentId)
    return (await deps.stripe.getPaymentIntent(hint.paymentIntentId))?.stripeCustomerId ?? null;
  if (hint.chargeId) return (await deps.stripe.getCharge(hint.chargeId))?.stripeCustomerId ?? null;
  return null;
}

function causeOf(deps: BillingDeps, event: StripeEventRow): Cause {
  return {
    actor: stripeActor,
    surface: 'job',
    correlationId: event.correlation_id,
    reason: `Stripe: ${event.type}`,
    ticket: null,
    runId: null,
    now: deps.clock.now(),
  };
}
