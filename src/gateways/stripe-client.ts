import type { StripeGateway } from './stripe.ts';

export function createStripeGateway(_options: { secretKey: string; apiBase: string }): StripeGateway {
  throw new Error('not yet');
}
