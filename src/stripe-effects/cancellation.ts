import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import type { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import type { EffectKind, Seen } from './effect-kind.ts';
import { readWanted, type WantedCancellation } from './wanted-effect.ts';

/** The end of a subscription, at once or with its paid period. Whoever ended it: it has ended. */
export const cancellation: EffectKind = {
  async look(stripe, effect) {
    const found = await stripe.getSubscription(effect.target_id);
    if (!found) return { kind: 'barred', failure: unknownSubscription(effect) };
    const seen = seenOf(found);
    return isOver(effect, seen) ? { kind: 'there', seen } : { kind: 'absent' };
  },
  async send(stripe, effect, idempotencyKey) {
    const { subscriptionId, at } = wantedOf(effect);
    return seenOf(await stripe.cancelSubscription({ subscriptionId, at, idempotencyKey }));
  },
  async fetch(stripe, effect) {
    const found = await stripe.getSubscription(effect.target_id);
    return found && seenOf(found);
  },
  judge: (effect, seen) => ({ kind: isOver(effect, seen) ? 'confirmed' : 'open' }),
  explainNo,
  name: (effect) => `the end of the subscription ${effect.target_id}`,
  confirmed: (effect) =>
    effect.stripe_status === ENDED
      ? `Stripe confirmed that the subscription ${effect.target_id} has ended`
      : `Stripe confirmed that the subscription ${effect.target_id} ends with its paid period`,
  pending: () => null,
  needsThoseBefore: true,
  mayFailLater: false,
};

const ENDED = 'canceled';
const ENDING = 'ending';

function wantedOf(effect: StripeEffectRow): WantedCancellation {
  const wanted = readWanted(effect);
  if (wanted.kind !== 'cancel_subscription') throw new Error(`Effect ${effect.id} is no cancellation`);
  return wanted;
}

function isOver(effect: StripeEffectRow, { status }: Seen): boolean {
  return status === ENDED || (status === ENDING && wantedOf(effect).at === 'period_end');
}

/** docs.stripe.com/api/subscriptions/object, status: one that was never paid expires instead of being cancelled. */
function seenOf({ id, status, cancelAt }: FetchedSubscription): Seen {
  const hasEnded = status === 'canceled' || status === 'incomplete_expired';
  return { objectId: id, status: hasEnded ? ENDED : cancelAt === null ? status : ENDING, reason: null };
}

function unknownSubscription(effect: StripeEffectRow): string {
  return `Stripe knows no subscription ${effect.target_id}, so nothing was ended. Check the id in Stripe, and ask anew.`;
}

function explainNo(effect: StripeEffectRow, { code, message }: StripeSaidNo): string {
  if (code === 'resource_missing') return unknownSubscription(effect);
  const said = /[.!?]$/.test(message) ? message : `${message}.`;
  return `Stripe refused to end the subscription ${effect.target_id}: ${said} End it in Stripe’s dashboard if it is still wanted.`;
}
