import { listEffectsOfRun, type StripeEffectRow } from '#db/stripe-effects.ts';
import { StripeAway, StripeRefused, StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { changeEffect } from './change-effect.ts';
import { type EffectsDeps, type Held, LeaseLost } from './deps.ts';
import type { Seen } from './effect-kind.ts';
import { failEffect, skipEffect, takeEffect } from './end-effect.ts';
import { kindOf } from './kinds.ts';
import { doubt, lookLater, postpone } from './postpone.ts';
import { LEASE_MS, nextConfirmationLook } from './timing.ts';
import { wasNeverSent } from './wanted-effect.ts';

/** One saved error may be passing; the same key answering with it again is kept for good. */
const KEPT_AFTER = 2;

/**
 * Brings an effect to Stripe exactly once, however often this is called and wherever it breaks off. Before every send,
 * the first one too, Lucy looks whether it is there already: idempotency keys alone do not do it, for they are
 * forgotten after a day, and a kept error is repeated under them for ever (docs.stripe.com/error-low-level).
 */
export async function sendEffect(deps: EffectsDeps, held: Held): Promise<void> {
  const { effect } = held;
  if (await isInVain(deps, effect)) return skipEffect(deps, held);
  const look = await kindOf(effect).look(deps.stripe, effect, deps.clock.now(), deps.database.knex);
  deps.crashPoint?.('effect looked at', effect);
  // Seen by a look: asked for its confirmation at once.
  if (look.kind === 'there') return takeEffect(deps, held, look.seen, deps.clock.now());
  // Whoever was sending it died. A request of theirs may still be on its way.
  if (effect.state === 'sending') return doubt(deps, held, 'Lucy was stopped while she sent it');
  if (effect.state === 'unknown' && deps.clock.now() < (effect.resend_at ?? 0)) return lookLater(deps, held);
  if (look.kind === 'barred') return failEffect(deps, held, look.failure);
  return send(deps, held);
}

async function isInVain(deps: EffectsDeps, effect: StripeEffectRow): Promise<boolean> {
  if (!kindOf(effect).needsThoseBefore || !wasNeverSent(effect)) return false;
  const others = await listEffectsOfRun(deps.database.knex, effect.run_id);
  return others.some(({ seq, state }) => seq < effect.seq && (state === 'failed' || state === 'skipped'));
}

async function send(deps: EffectsDeps, held: Held): Promise<void> {
  const before = held.effect;
  const now = deps.clock.now();
  const isKeyDead = before.server_errors >= KEPT_AFTER;
  const effect = await changeEffect(deps, held, {
    state: 'sending',
    attempts: before.attempts + 1,
    generation: before.generation + (isKeyDead ? 1 : 0),
    server_errors: isKeyDead ? 0 : before.server_errors,
    first_sent_at: before.first_sent_at ?? now,
    lease_until: now + LEASE_MS,
  });
  const sending = { ...held, effect };
  deps.crashPoint?.('effect marked as being sent', effect);
  // Stopped for long: somebody else may be at it by now.
  if (deps.clock.now() >= now + LEASE_MS) throw new LeaseLost();
  let seen: Seen;
  try {
    seen = await kindOf(effect).send(deps.stripe, effect, keyOf(effect), deps.database.knex);
  } catch (error) {
    return answerFailure(deps, sending, before, error);
  }
  deps.crashPoint?.('effect taken by Stripe', effect);
  const takenAt = deps.clock.now();
  await takeEffect(deps, sending, seen, nextConfirmationLook({ sent_at: takenAt }, takenAt));
}

/** The run's, and the same for every attempt; Stripe's events carry it back (`caused_by`). */
function keyOf({ run_id, seq, generation }: StripeEffectRow): string {
  return `lucy:${run_id}:${seq}:${generation}`;
}

async function answerFailure(
  deps: EffectsDeps,
  sending: Held,
  before: StripeEffectRow,
  error: unknown,
): Promise<void> {
  const { effect } = sending;
  if (error instanceof StripeSaidNo) return answerNo(deps, sending, error);
  const isNotDone =
    error instanceof StripeRefused || (error instanceof StripeAway && error.outcome === 'not_done');
  // As if it had not been tried: what was in doubt before stays so.
  if (isNotDone) return postpone(deps, sending, error, { state: before.state, resend_at: before.resend_at });
  return doubt(deps, sending, error, serverErrorsAfter(effect, error));
}

/** An earlier attempt that did go through may be why Stripe says no. */
async function answerNo(deps: EffectsDeps, sending: Held, no: StripeSaidNo): Promise<void> {
  const { effect } = sending;
  const look = await kindOf(effect)
    .look(deps.stripe, effect, deps.clock.now(), deps.database.knex)
    .catch(() => null);
  if (look === null) return doubt(deps, sending, no);
  return look.kind === 'there'
    ? takeEffect(deps, sending, look.seen, deps.clock.now())
    : failEffect(deps, sending, kindOf(effect).explainNo(effect, no));
}

function serverErrorsAfter(effect: StripeEffectRow, error: unknown): number {
  const outcome = error instanceof StripeAway ? error.outcome : 'unknown';
  if (outcome === 'kept_error') return KEPT_AFTER;
  return effect.server_errors + (outcome === 'server_error' ? 1 : 0);
}
