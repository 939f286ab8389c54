import { formatUtc } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import type { Change } from '#src/replies/reply.ts';
import type { Ending, RefundFacts } from './refund-input.ts';

const ended = new Set(['canceled', 'incomplete_expired']);

/** The input that asked for it, and its flag. */
type AskedBy = { field: string; flag: string };

const refundInput: AskedBy = { field: 'endSubscription', flag: '--end-subscription' };

/**
 * The subscription that ends with the refund; null when none is to. Only the one that this payment was for: which
 * other was meant would be a guess.
 *
 * @throws UserError when there is none to end
 */
export function subscriptionToEnd(
  { charge, subscription }: Pick<RefundFacts, 'charge' | 'subscription'>,
  ending: Ending,
  { field, flag }: AskedBy = refundInput,
): FetchedSubscription | null {
  if (ending === 'no') return null;
  if (!subscription)
    throw fieldError(
      field,
      `${charge.id} paid for no subscription that Stripe still knows.`,
      `Leave ${flag} out, and end the one that you mean: subscription cancel sub_…`,
    );
  if (ended.has(subscription.status))
    throw fieldError(field, `${subscription.id} has ended already.`, `Leave ${flag} out.`);
  if (ending === 'period_end' && subscription.cancelAt !== null)
    throw fieldError(
      field,
      `${subscription.id} ends already, on ${formatUtc(subscription.cancelAt)}.`,
      `Leave ${flag} out, or say ${flag} now.`,
    );
  return subscription;
}

/** `active → ends now`. */
export function endingChange(subscription: FetchedSubscription, ending: Ending): Change {
  const at = periodEndOf(subscription);
  return {
    label: 'Subscription',
    before: subscription.status.replaceAll('_', ' '),
    after: ending === 'now' ? 'ends now' : `ends ${at === null ? 'with its period' : formatUtc(at)}`,
  };
}

/** Money goes back and the next payment comes all the same: rarely meant. Null when it ends anyway. */
export function goesOnWarning(
  subscription: FetchedSubscription | null,
  flag: string = refundInput.flag,
): string | null {
  if (!subscription || ended.has(subscription.status) || subscription.cancelAt !== null) return null;
  const at = periodEndOf(subscription);
  const next = at === null ? '' : `, and is charged again on ${formatUtc(at)}`;
  return `The subscription ${subscription.id} goes on${next}. To end it, too, say ${flag} now or period_end.`;
}

function periodEndOf(subscription: FetchedSubscription): number | null {
  return Math.max(0, ...subscription.items.map((item) => item.periodEnd ?? 0)) || null;
}
