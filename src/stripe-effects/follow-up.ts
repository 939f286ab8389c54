import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { markDirty } from '#db/customer-sync.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { findSubscription } from '#db/subscriptions.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { readWanted } from './wanted-effect.ts';

/** As soon as an upgrade or a cancellation that Stripe tells of. */
const PRIORITY = 2;

/**
 * What ended changes the customer's credits, tier or access, and the webhook that tells of it may be lost: so the
 * customer is looked at again in any case (src/billing-events/wanted-payments.ts asks for the refunds).
 */
export async function followUp(sql: Sql, effect: StripeEffectRow): Promise<void> {
  if (effect.sent_at === null) return;
  const known = effect.stripe_customer_id;
  const links = known === null && effect.customer_id ? await listLinks(sql, effect.customer_id) : [];
  for (const id of known === null ? links.map((link) => link.stripe_customer_id) : [known])
    await markDirty(sql, id, PRIORITY);
}

/** Whose it is at Stripe; null when nobody's. Asks Stripe only about a payment that Lucy never booked. */
export async function findStripeCustomer(
  sql: Sql,
  stripe: StripeGateway,
  effect: StripeEffectRow,
): Promise<string | null> {
  if (effect.stripe_customer_id !== null) return effect.stripe_customer_id;
  const wanted = readWanted(effect);
  if (wanted.kind === 'cancel_subscription')
    return (await findSubscription(sql, wanted.subscriptionId))?.stripe_customer_id ?? null;
  for (const id of [wanted.paymentIntentId, wanted.chargeId]) {
    const payment = id === null ? undefined : await findPaymentByAnyId(sql, id);
    if (payment?.stripe_customer_id) return payment.stripe_customer_id;
  }
  return (await stripe.getCharge(wanted.chargeId))?.stripeCustomerId ?? null;
}
