import { changeEffect } from './change-effect.ts';
import { type EffectsDeps, type Held, released } from './deps.ts';
import { confirmTaken, failEffect } from './end-effect.ts';
import { kindOf } from './kinds.ts';
import { postpone } from './postpone.ts';
import { nextConfirmationLook, nextLookAfterwards } from './timing.ts';

/**
 * Asks Stripe what became of what it took. A webhook only brings the question forward, so one that is lost, late or
 * doubled changes nothing. A refund that was confirmed is asked for, too: the bank may send it back days later.
 */
export async function confirmEffect(deps: EffectsDeps, held: Held): Promise<void> {
  const { effect } = held;
  const kind = kindOf(effect);
  const seen = await kind.fetch(deps.stripe, effect);
  deps.crashPoint?.('effect looked at', effect);
  const now = deps.clock.now();
  if (!seen) {
    const trouble = `Stripe knows no ${effect.object_id} any more.`;
    return postpone(deps, held, trouble, { next_attempt_at: nextConfirmationLook(effect, now) });
  }
  const verdict = kind.judge(effect, seen);
  if (verdict.kind === 'failed') return failEffect(deps, held, verdict.failure, seen);
  if (effect.state === 'confirmed') return lookAfterwards(deps, held);
  if (verdict.kind === 'confirmed') return confirmTaken(deps, held, seen);
  return postpone(deps, held, null, {
    stripe_status: seen.status,
    stripe_reason: seen.reason,
    troubles: 0,
    next_attempt_at: nextConfirmationLook(effect, now),
  });
}

async function lookAfterwards(deps: EffectsDeps, held: Held): Promise<void> {
  const now = deps.clock.now();
  const { effect } = held;
  const next = kindOf(effect).mayFailLater ? nextLookAfterwards(effect.confirmed_at ?? now, now) : null;
  await changeEffect(deps, held, { troubles: 0, ...released, next_attempt_at: next });
}
