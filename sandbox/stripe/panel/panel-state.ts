import type { StripePanel } from '#sandbox/page/stripe-panel-contract.ts';
import type { LocalStripe } from '../local-stripe-types.ts';
import { scenarios } from '../scenarios.ts';
import { deliveryOf } from '../webhooks/delivery-state.ts';
import { describeCustomer } from './describe-customer.ts';
import { describeOwner } from './describe-event.ts';

const shownEvents = 50;

/** The page's contract, and what a button needs to know when it cannot be pressed. */
export type PanelState = StripePanel & {
  losingWebhooks: boolean;
  scenarios: (StripePanel['scenarios'][number] & { enabled: boolean; whyNot: string | null })[];
};

/** Everything that the Stripe tab shows, in plain words. */
export function panelState(stripe: LocalStripe): PanelState {
  const { customers, events } = stripe.world.tables;
  return {
    losingWebhooks: stripe.isLosingWebhooks(),
    scenarios: scenarios.map((scenario) => {
      const whyNot = scenario.whyNot(stripe);
      const { id, title, description } = scenario;
      return { id, title, explanation: description, enabled: whyNot === null, whyNot };
    }),
    customers: customers
      .newestFirst()
      .reverse()
      .map((customer) => ({
        id: customer.id,
        name: customer.name ?? '',
        email: customer.email ?? '',
        summary: describeCustomer(stripe, customer),
      })),
    events: events
      .newestFirst()
      .slice(0, shownEvents)
      .map((event) => ({
        id: event.id,
        type: event.type,
        created: event.created,
        summary: describeOwner(stripe, event),
        delivery: deliveryOf(stripe, event),
      })),
  };
}
