import type { Sql } from '#db/connection.ts';
import { wakeStripeEffects } from '#db/stripe-effects.ts';

/** Stripe tells that something happened to these objects: their effects are looked at again now. */
export async function wakeEffectsOf(
  sql: Sql,
  now: number,
  ids: {
    refundIds?: readonly string[];
    chargeIds?: readonly string[];
    subscriptionIds?: readonly string[];
    disputeIds?: readonly string[];
  },
): Promise<void> {
  const { refundIds = [], chargeIds = [], subscriptionIds = [], disputeIds = [] } = ids;
  const targets = [...chargeIds, ...subscriptionIds, ...disputeIds];
  if (refundIds.length + targets.length === 0) return;
  await wakeStripeEffects(sql, now, refundIds, targets);
}
