import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';

/** Longer than a look and a request can take together, so that a lease that ran out means a process that died. */
export const LEASE_MS = MINUTE_MS;

/**
 * How long a request without an answer may still come into force at Stripe. Stripe ends a request of its own after 80 s
 * at the latest (the time that its own clients wait: stripe-node, DEFAULT_TIMEOUT). Only after that is “not there” an
 * answer.
 */
export const SETTLE_MS = 90 * SECOND_MS;

/** After an unknown outcome: soon, for usually it is there by then. */
export const FIRST_LOOK_MS = 2 * SECOND_MS;

/** Then now and then, the seldomer the longer it lasts, until it may be sent again. */
export function nextUnknownLook(
  effect: Pick<StripeEffectRow, 'first_sent_at' | 'resend_at'>,
  now: number,
): number {
  const age = now - (effect.first_sent_at ?? now);
  const pause = Math.min(Math.max(15 * SECOND_MS, age / 8), 5 * MINUTE_MS);
  return Math.min(now + Math.round(pause), effect.resend_at ?? Number.POSITIVE_INFINITY);
}

/** From then on a person should know that it is not done. */
const ESCALATE_AFTER_MS = HOUR_MS;

/** When Stripe is asked for its confirmation, counted from when Stripe took it; the webhook is usually faster. */
const confirmationLooks = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS];
const LATER_LOOKS_MS = 6 * HOUR_MS;

/** A bank may send a refund back up to 30 days later (docs.stripe.com/refunds, “Failed refunds”). */
const looksAfterwards = [DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 31 * DAY_MS];

export function nextConfirmationLook(effect: Pick<StripeEffectRow, 'sent_at'>, now: number): number {
  const takenAt = effect.sent_at ?? now;
  const pause = confirmationLooks.find((ms) => takenAt + ms > now);
  return pause === undefined ? now + LATER_LOOKS_MS : takenAt + pause;
}

/** Null when nothing is to be expected any more. */
export function nextLookAfterwards(confirmedAt: number, now: number): number | null {
  const pause = looksAfterwards.find((ms) => confirmedAt + ms > now);
  return pause === undefined ? null : confirmedAt + pause;
}

/** When somebody is told, if it is not done by then. */
export function overdueAt(effect: Pick<StripeEffectRow, 'first_sent_at' | 'created_at'>): number {
  return (effect.first_sent_at ?? effect.created_at) + ESCALATE_AFTER_MS;
}
