import type { Probe } from '../probe.ts';

export const stripeApi: Probe = {
  id: 'stripe',
  title: 'Stripe’s API',
  effect: 'Upgrades and refunds wait; nothing is lost.',
  firstStep: 'Look at status.stripe.com, and whether STRIPE_SECRET_KEY was changed.',
  look: async ({ parts }) => parts.stripe(),
};
