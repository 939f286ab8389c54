import type { LocalStripe } from '../local-stripe-types.ts';
import type { StripeEvent } from '../objects/event.ts';

/** Whose event it is: the customer's name, or her address, or her id. */
export function describeOwner({ world }: LocalStripe, event: StripeEvent): string {
  const { object } = event.data;
  const id =
    object.object === 'customer' ? object.id : (object.customer ?? customerOfCharge(world, object.charge));
  if (typeof id !== 'string') return '';
  const customer = world.tables.customers.get(id);
  return customer?.name ?? customer?.email ?? id;
}

function customerOfCharge(world: LocalStripe['world'], charge: unknown): string | null {
  return typeof charge === 'string' ? (world.tables.charges.get(charge)?.customer ?? null) : null;
}
