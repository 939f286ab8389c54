import { UserError } from '#src/core/errors.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';

/** Asks Stripe for somebody who waits; being without a key, or Stripe being away, is told as what it is. */
export async function askStripe<T>(
  stripe: StripeGateway | null,
  question: (stripe: StripeGateway) => Promise<T>,
): Promise<T> {
  if (!stripe) {
    throw new UserError(
      'unavailable',
      'This asks Stripe, and there is no Stripe key here.',
      'Set STRIPE_SECRET_KEY for this terminal, or ask in Slack.',
    );
  }
  try {
    return await question(stripe);
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    throw new UserError(
      'unavailable',
      'Stripe does not answer now, so nothing can be said for sure.',
      'Try again in a moment; GET /health tells how Stripe is.',
    );
  }
}
