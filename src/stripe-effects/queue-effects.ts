import type { Sql } from '#db/connection.ts';
import { insertStripeEffect } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { type KeptCause, targetOf, type WantedEffect } from './wanted-effect.ts';

/**
 * Writes down what is to be done at Stripe, in the transaction that decides it; the worker carries it there afterwards.
 * The effects of a run go in their order.
 */
export async function queueEffects(
  sql: Sql,
  cause: Cause,
  wanted: { runId: string; customerId: string | null; effects: readonly WantedEffect[] },
): Promise<void> {
  const { actor, reason, ticket, approval, breakGlass } = cause;
  const kept: KeptCause = {
    actor,
    reason,
    ticket,
    ...(approval ? { approval } : {}),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
  for (const [index, effect] of wanted.effects.entries()) {
    await insertStripeEffect(sql, {
      id: newId('eff', cause.now),
      run_id: wanted.runId,
      seq: index + 1,
      kind: effect.kind,
      state: 'queued',
      target_id: targetOf(effect),
      params: JSON.stringify(effect),
      cause: JSON.stringify(kept),
      generation: 1,
      server_errors: 0,
      object_id: null,
      stripe_status: null,
      stripe_reason: null,
      attempts: 0,
      troubles: 0,
      next_attempt_at: cause.now,
      resend_at: null,
      wakes: 0,
      lease_token: null,
      lease_until: null,
      last_error: null,
      failure: null,
      customer_id: wanted.customerId,
      stripe_customer_id: null,
      correlation_id: cause.correlationId,
      created_at: cause.now,
      first_sent_at: null,
      sent_at: null,
      confirmed_at: null,
      ended_at: null,
      escalated_at: null,
    });
  }
}
