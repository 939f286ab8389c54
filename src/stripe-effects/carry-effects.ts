import { claimStripeEffect } from '#db/stripe-effects.ts';
import { inTransaction } from '#db/transaction.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { confirmEffect } from './confirm-effect.ts';
import { type EffectsDeps, type Held, LeaseLost } from './deps.ts';
import { doubt, postpone } from './postpone.ts';
import { sendEffect } from './send-effect.ts';
import { LEASE_MS } from './timing.ts';

/**
 * One look of a worker: takes the effect that waits longest, and brings it a step further. Any number of workers may
 * look. No transaction is open while Stripe is asked. Returns how many it found.
 */
export async function carryEffects(deps: EffectsDeps): Promise<number> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const effect = await inTransaction(deps.database, (sql) =>
    claimStripeEffect(sql, token, now, now + LEASE_MS),
  );
  if (!effect) return 0;
  const held: Held = { effect, token, wakes: effect.wakes };
  deps.crashPoint?.('effect claimed', effect);
  try {
    await (effect.state === 'sent' || effect.state === 'confirmed' ? confirmEffect : sendEffect)(deps, held);
  } catch (error) {
    await handleFailure(deps, held, error);
  }
  return 1;
}

async function handleFailure(deps: EffectsDeps, held: Held, error: unknown): Promise<void> {
  const { effect } = held;
  const facts = {
    correlationId: effect.correlation_id,
    effect: effect.id,
    run: effect.run_id,
    state: effect.state,
    err: error,
  };
  if (error instanceof LeaseLost) {
    deps.log.warn(
      { ...facts, event: 'stripe_effect_fenced' },
      'The lease was lost; nothing of this look was kept',
    );
    return;
  }
  const level = isStripeTrouble(error) ? 'warn' : 'error';
  deps.log[level]({ ...facts, event: 'stripe_effect_postponed' }, errorMessage(error));
  await (effect.state === 'sending' ? doubt : postpone)(deps, held, error);
}
