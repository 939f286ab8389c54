import type { LocalStripe } from './local-stripe-types.ts';
import type { Charge } from './objects/charge.ts';
import type { Dispute } from './objects/dispute.ts';
import type { Invoice } from './objects/invoice.ts';
import type { Refund } from './objects/refund.ts';
import type { Subscription } from './objects/subscription.ts';
import { stripeCast } from './seed-world.ts';

/** What the buttons depend on; null when there is nothing to act on. */
export function subscriptionOf({ world }: LocalStripe, customerId: string): Subscription | null {
  return world.tables.customers.get(customerId) ? world.liveSubscriptionOf(customerId) : null;
}

export function sofiasSubscription(stripe: LocalStripe): Subscription | null {
  return subscriptionOf(stripe, stripeCast.sofia.id);
}

export function needsSofiasSubscription(stripe: LocalStripe): string | null {
  return sofiasSubscription(stripe)
    ? null
    : 'Sofia has no subscription yet. Press “Sofia upgrades to pro” first.';
}

export function planOf(subscription: Subscription | null): string | null {
  return subscription?.items.data[0]?.price.lookup_key ?? null;
}

/** The invoice that somebody of the cast still owes. */
export function owedInvoice({ world }: LocalStripe): Invoice | null {
  for (const { id } of [stripeCast.sofia, stripeCast.pastDue, stripeCast.disputed]) {
    const invoice = world.invoicesOf(id).find(({ status }) => status === 'open');
    if (invoice) return invoice;
  }
  return null;
}

/** What is left of Sofia's last payment that can be refunded. */
export function refundableCharge({ world }: LocalStripe): Charge | null {
  const charge = world.lastPaidChargeOf(stripeCast.sofia.id);
  return charge && charge.amount_refunded < charge.amount ? charge : null;
}

/** The newest refund that the bank has not decided, or that it could still send back. */
export function newestRefund({ world }: LocalStripe, ...statuses: Refund['status'][]): Refund | null {
  return world.tables.refunds.newestFirst().find(({ status }) => statuses.includes(status)) ?? null;
}

export function openDispute({ world }: LocalStripe): Dispute | null {
  const closed = ['lost', 'prevented', 'warning_closed', 'won'];
  return world.tables.disputes.newestFirst().find(({ status }) => !closed.includes(status)) ?? null;
}

/** A charge of Disputed Inc that nobody has disputed yet. */
export function disputableCharge({ world }: LocalStripe): Charge | null {
  const { charges, disputes } = world.tables;
  return (
    charges.of(stripeCast.disputed.id).find(({ id, paid }) => paid && disputes.of(id).length === 0) ?? null
  );
}
