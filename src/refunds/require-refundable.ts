import { UserError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import type { FetchedCharge } from '#src/gateways/stripe.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';
import { blockingDispute, disputedError } from './disputed.ts';
import type { Standing } from './standing.ts';

/** @throws UserError that says why Stripe would refuse, and what to do instead */
export function requireRefundable(
  charge: FetchedCharge,
  standing: Standing,
  disputes: readonly FetchedDispute[],
): void {
  if (charge.status === 'failed')
    throw impossible(
      `${charge.id} failed: nobody paid it`,
      'There is nothing to refund. The customer may have paid with another attempt: name the customer to see all payments.',
    );
  if (charge.status !== 'succeeded')
    throw impossible(
      `The money of ${charge.id} is still on its way (${charge.status})`,
      'Ask again when it has arrived, or stop the payment in Stripe’s dashboard.',
    );
  if (!charge.isCaptured)
    throw impossible(
      `${charge.id} is authorised and not captured, so nothing was taken yet`,
      'Cancel its payment intent in Stripe’s dashboard; that releases the amount.',
    );
  const dispute = blockingDispute(disputes, standing.left);
  if (dispute) throw disputedError(charge, dispute, standing.left);
  if (standing.left === 0)
    throw impossible(
      `All ${formatMoney(standing.refunded, charge.currency)} of ${charge.id} ${standing.pending > 0 ? 'are refunded, or on their way back' : 'are refunded already'}`,
      standing.pending > 0
        ? 'Wait for Stripe to finish the refund that is pending. If it fails, ask again.'
        : 'Name the customer to see what else they paid.',
    );
}

function impossible(message: string, hint: string): UserError {
  return new UserError('conflict', `${message}.`, hint, { payment: `${message}.` });
}
