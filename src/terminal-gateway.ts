import type { StripeGateway } from '#src/gateways/stripe.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';

/** Stripe for the terminal, where a command needs it and a key is set. */
export function buildTerminalGateway(stripe: { secretKey: string; apiBase: string }): StripeGateway {
  return createStripeGateway({ secretKey: stripe.secretKey, apiBase: stripe.apiBase });
}
