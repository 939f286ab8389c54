import type { Sql } from '#db/connection.ts';
import { markGone, upsertSubscription } from '#db/subscriptions.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';

/** Writes down what Stripe said just now, whole; what it no longer lists is gone for good. */
export async function mirrorSubscriptions(
  sql: Sql,
  mode: string,
  stripeCustomerId: string,
  subscriptions: readonly FetchedSubscription[],
  now: number,
): Promise<void> {
  for (const subscription of subscriptions) {
    await upsertSubscription(sql, {
      id: subscription.id,
      mode,
      stripe_customer_id: stripeCustomerId,
      status: subscription.status,
      items: JSON.stringify(subscription.items),
      pause_behavior: subscription.pauseBehavior,
      cancel_at: subscription.cancelAt,
      ended_at: subscription.endedAt,
      trial_end: subscription.trialEnd,
      pending_items: subscription.pendingItems.length > 0 ? JSON.stringify(subscription.pendingItems) : null,
      pending_at: subscription.pendingAt,
      latest_invoice_id: subscription.latestInvoiceId,
      created_at: subscription.createdAt,
      fetched_at: now,
      gone_at: null,
    });
  }
  await markGone(
    sql,
    stripeCustomerId,
    mode,
    subscriptions.map((subscription) => subscription.id),
    now,
  );
}
