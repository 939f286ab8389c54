import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { changeEffect } from './change-effect.ts';
import { type EffectsDeps, type Held, released } from './deps.ts';
import type { Seen } from './effect-kind.ts';
import { findStripeCustomer } from './follow-up.ts';
import { kindOf } from './kinds.ts';
import { nextLookAfterwards } from './timing.ts';

/** Stripe has it; not yet that it came to be. */
export async function takeEffect(deps: EffectsDeps, held: Held, seen: Seen, next: number): Promise<void> {
  await changeEffect(deps, held, {
    ...sight(seen),
    state: 'sent',
    object_id: seen.objectId,
    sent_at: deps.clock.now(),
    last_error: null,
    troubles: 0,
    ...released,
    next_attempt_at: next,
  });
}

export async function confirmTaken(deps: EffectsDeps, held: Held, seen: Seen): Promise<void> {
  const now = deps.clock.now();
  const stripeCustomerId = await findStripeCustomer(deps.database.knex, deps.stripe, held.effect);
  await changeEffect(deps, held, {
    ...sight(seen),
    state: 'confirmed',
    stripe_customer_id: stripeCustomerId,
    confirmed_at: now,
    ended_at: now,
    last_error: null,
    troubles: 0,
    ...released,
    next_attempt_at: kindOf(held.effect).mayFailLater ? nextLookAfterwards(now, now) : null,
  });
}

/** @param failure why, and what to do; sentences */
export async function failEffect(
  deps: EffectsDeps,
  held: Held,
  failure: string,
  seen: Seen | null = null,
): Promise<void> {
  // Refused before anything came of it: there is nothing that credits would have to follow.
  const stripeCustomerId = seen && (await findStripeCustomer(deps.database.knex, deps.stripe, held.effect));
  await changeEffect(deps, held, {
    ...(seen ? { ...sight(seen), stripe_customer_id: stripeCustomerId } : {}),
    state: 'failed',
    failure,
    ended_at: deps.clock.now(),
    ...released,
    next_attempt_at: null,
  });
}

export async function skipEffect(deps: EffectsDeps, held: Held): Promise<void> {
  const what = kindOf(held.effect).name(held.effect);
  await changeEffect(deps, held, {
    state: 'skipped',
    failure: `${what}, because what was to happen before it failed. Ask for it by itself if it is still wanted.`,
    ended_at: deps.clock.now(),
    ...released,
    next_attempt_at: null,
  });
}

function sight({ status, reason }: Seen): Partial<StripeEffectRow> {
  return { stripe_status: status, stripe_reason: reason };
}
