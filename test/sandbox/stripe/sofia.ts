import { startStripe } from './start.ts';

export const day = 86_400;

/** Sofia with a subscription, and what happened since. */
export async function sofiaOn(price = 'pro_monthly') {
  const started = await startStripe();
  const customer = started.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  const { id } = started.world.subscribe(customer.id, price);
  const before = started.stripe.events.length;
  return {
    ...started,
    customer,
    id,
    /** The types of the events since. */
    since: () => started.stripe.events.slice(before).map((event) => event.type),
    previous: () => started.stripe.lastEvent('customer.subscription.updated').data.previous_attributes,
  };
}
