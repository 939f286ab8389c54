import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { kindOf } from './kinds.ts';

/** Tells billing, once, of what was approved and cannot be called done. Lucy goes on trying all the same. */
export async function raiseUnconfirmed(sql: Sql, cause: Cause, effect: StripeEffectRow): Promise<void> {
  const customer = effect.customer_id ? await findCustomerById(sql, effect.customer_id) : undefined;
  const what = `${kindOf(effect).name(effect)}${customer ? ` for ${customer.email}` : ''}`;
  await raiseFinding(sql, cause, {
    kind: 'effect_unconfirmed',
    subject: effect.id,
    customerId: effect.customer_id,
    summary: summaryOf(effect, what),
    hint: hintOf(effect),
    evidence: {
      effect: effect.id,
      run: effect.run_id,
      target: effect.target_id,
      object: effect.object_id,
      attempts: effect.attempts,
      lastError: effect.last_error,
    },
    tell: 'billing',
  });
}

function summaryOf(effect: StripeEffectRow, what: string): string {
  const because = effect.last_error ? ` Stripe said last: ${effect.last_error}` : '';
  switch (effect.state) {
    case 'sent':
      return `Stripe took ${what}, and has not confirmed it yet. ${kindOf(effect).pending(effect) ?? `It is ${effect.object_id} at Stripe.`}`;
    case 'unknown':
      return `Nobody can say yet whether Stripe took ${what}.${because}`;
    default:
      return `It was approved and could not be sent to Stripe yet: ${what}.${because}`;
  }
}

function hintOf(effect: StripeEffectRow): string {
  const place = effect.object_id ?? effect.target_id;
  return effect.state === 'sent'
    ? `Look at ${place} in Stripe’s dashboard, and ask Stripe’s support when it says nothing new. Lucy keeps looking.`
    : `Look at ${place} in Stripe’s dashboard, and at Stripe’s status page and Lucy’s key. Lucy keeps trying and sends nothing twice, so do not do it by hand meanwhile.`;
}
