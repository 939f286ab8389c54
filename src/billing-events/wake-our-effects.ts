import type { Sql } from '#db/connection.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { wakeEffectsOf } from '#src/stripe-effects/wake-effects.ts';
import { ruleOf } from './event-types.ts';
import { hintOf } from './read-event.ts';

/** What Lucy has under way at Stripe and these events speak of is looked at now, instead of in its time. */
export async function wakeOurEffects(
  sql: Sql,
  now: number,
  events: readonly StripeEventRow[],
): Promise<void> {
  const refunds = events.filter((event) => ruleOf(event.type)?.kind === 'refund').map(hintOf);
  const subscriptions = events.filter((event) => event.type.startsWith('customer.subscription.')).map(hintOf);
  const disputes = events.filter((event) => event.type.startsWith('charge.dispute.')).map(hintOf);
  await wakeEffectsOf(sql, now, {
    refundIds: refunds.flatMap((hint) => hint.objectId ?? []),
    chargeIds: refunds.flatMap((hint) => hint.chargeId ?? []),
    subscriptionIds: subscriptions.flatMap((hint) => hint.objectId ?? []),
    disputeIds: disputes.flatMap((hint) => hint.objectId ?? []),
  });
}
