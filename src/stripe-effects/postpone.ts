import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { errorMessage } from '#src/core/errors.ts';
import { StripeAway, StripeRefused } from '#src/gateways/stripe-errors.ts';
import { backOffMs } from '#src/outbox/back-off.ts';
import { changeEffect } from './change-effect.ts';
import { type EffectsDeps, type Held, released } from './deps.ts';
import { FIRST_LOOK_MS, nextUnknownLook, overdueAt, SETTLE_MS } from './timing.ts';

/**
 * Lets go of an effect until its next turn; never for good. After an hour, or at once when Stripe does not take our key,
 * a person is told, too, once.
 *
 * @param trouble null when nothing went wrong, and it only takes its time
 */
export async function postpone(
  deps: EffectsDeps,
  held: Held,
  trouble: unknown,
  patch: Partial<StripeEffectRow> = {},
): Promise<void> {
  const now = deps.clock.now();
  const troubles = held.effect.troubles + (trouble === null ? 0 : 1);
  const effect = { ...held.effect, troubles, ...patch };
  const asked = trouble instanceof StripeAway ? (trouble.retryAfterMs ?? 0) : 0;
  const pause = Math.max(asked, backOffMs(troubles, deps.random ?? Math.random));
  const next = patch.next_attempt_at ?? now + pause;
  const dueAt = overdueAt(effect);
  const isToldYet = effect.escalated_at !== null || effect.state === 'confirmed';
  const isOverdue = !isToldYet && (now >= dueAt || trouble instanceof StripeRefused);
  await changeEffect(deps, held, {
    troubles,
    ...patch,
    ...released,
    last_error: trouble === null ? effect.last_error : errorMessage(trouble),
    next_attempt_at: isToldYet || isOverdue ? next : Math.min(next, dueAt),
    ...(isOverdue ? { escalated_at: now } : {}),
  });
}

/** Nobody knows whether it happened: looked for soon, and sent again only when it would have shown by then. */
export async function doubt(
  deps: EffectsDeps,
  held: Held,
  trouble: unknown,
  serverErrors = held.effect.server_errors,
): Promise<void> {
  const now = deps.clock.now();
  const pause = backOffMs(held.effect.troubles, deps.random ?? Math.random);
  await postpone(deps, held, trouble, {
    state: 'unknown',
    server_errors: serverErrors,
    resend_at: now + SETTLE_MS + pause,
    next_attempt_at: now + FIRST_LOOK_MS,
  });
}

/** It is not there, and may not be sent again yet. */
export async function lookLater(deps: EffectsDeps, held: Held): Promise<void> {
  const next = nextUnknownLook(held.effect, deps.clock.now());
  await postpone(deps, held, null, { next_attempt_at: next });
}
