import type { LocalStripe } from './local-stripe-types.ts';
import type { Customer } from './objects/customer.ts';

/** The customers of DESIGN section 8, as Stripe knows them. Manual GmbH pays by invoice and is not here. */
export const stripeCast = {
  sofia: { id: 'cus_sofia', email: 'sofia@firm.com', name: 'Sofia' },
  pastDue: { id: 'cus_past_due', email: 'billing@pastdue.example', name: 'Past Due Ltd' },
  disputed: { id: 'cus_disputed', email: 'accounts@disputed.example', name: 'Disputed Inc' },
};

const day = 86_400;

/**
 * Gives the account a past: Sofia has a card and no subscription yet, Past Due Ltd pays for Pro, Disputed Inc for
 * Starter, and often enough that a bank can take one payment after the other back. Without events, for all this was before Lucy began to listen.
 */
export function seedWorld({ world }: Pick<LocalStripe, 'world'>): void {
  const now = world.now();
  world.withoutEvents(() => {
    world.at(now - 200 * day, () => {
      world.savePortalSettings();
      for (const person of Object.values(stripeCast)) {
        // Our own product made these customers, and wrote whose they are: Lucy's proof for linking.
        world.createCustomer({ ...person, metadata: { lucy_customer: person.email } });
      }
    });
    subscribedFor(world, world.customer(stripeCast.pastDue.id), 'pro_monthly', 40);
    subscribedFor(world, world.customer(stripeCast.disputed.id), 'starter_monthly', 104);
  });
}

/** A subscription that began so many days ago, with the renewals since. */
function subscribedFor(
  world: LocalStripe['world'],
  customer: Customer,
  price: string,
  daysAgo: number,
): void {
  const now = world.now();
  const { id } = world.at(now - daysAgo * day, () =>
    world.subscribe(customer.id, price, { metadata: { lucy_customer: customer.email ?? '' } }),
  );
  for (;;) {
    const end = world.subscription(id).items.data[0]?.current_period_end ?? now;
    if (end >= now) return;
    world.at(end, () => world.renew(id));
  }
}
