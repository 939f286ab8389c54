import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import { hasEnded } from './gather.ts';

/** @throws UserError when it has ended, or ends already as it was asked to */
export function requireCancellable(subscription: FetchedSubscription, at: 'now' | 'period_end'): void {
  const { id, cancelAt } = subscription;
  if (hasEnded(subscription))
    throw new UserError(
      'conflict',
      `${id} has ended already, so nothing was changed.`,
      'Nothing needs to be done.',
      {
        subscription: 'It has ended already.',
      },
    );
  if (at === 'period_end' && cancelAt !== null)
    throw new UserError(
      'conflict',
      `${id} ends already, on ${formatUtc(cancelAt)}, so nothing was changed.`,
      'To end it at once, say --at now.',
      { at: 'It ends with its period already.' },
    );
}
