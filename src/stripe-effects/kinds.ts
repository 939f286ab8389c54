import type { StripeEffectKind, StripeEffectRow } from '#db/stripe-effects.ts';
import { cancellation } from './cancellation.ts';
import type { EffectKind } from './effect-kind.ts';
import { refund } from './refund.ts';

/** Everything that Lucy does at Stripe. */
const kinds: Record<StripeEffectKind, EffectKind> = { refund, cancel_subscription: cancellation };

export function kindOf(effect: StripeEffectRow): EffectKind {
  return kinds[effect.kind];
}
