import type { LocalStripe } from '../local-stripe-types.ts';
import type { StripeEvent } from '../objects/event.ts';

export type DeliveryState = {
  state: 'delivered' | 'failed' | 'lost' | 'pending';
  attempts: number;
  status: number | null;
};

/** How far the event has come: lost means that no answer came and none will be tried for. */
export function deliveryOf(stripe: LocalStripe, event: StripeEvent): DeliveryState {
  const attempts = stripe.attemptsOf(event.id);
  const last = attempts.at(-1);
  const counted = { attempts: attempts.length, status: last?.status ?? null };
  if (event.pending_webhooks === 0) {
    // Nobody listened, or Stripe believes that it arrived: in both cases Lucy never saw it.
    return { state: last ? 'delivered' : 'lost', ...counted };
  }
  if (!last || stripe.nextAttemptAt(event.id) !== null) return { state: 'pending', ...counted };
  return { state: last.status === null ? 'lost' : 'failed', ...counted };
}
