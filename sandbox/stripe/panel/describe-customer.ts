import type { LocalStripe } from '../local-stripe-types.ts';
import type { Customer } from '../objects/customer.ts';
import type { Invoice } from '../objects/invoice.ts';
import type { Subscription } from '../objects/subscription.ts';
import { dayInWords, inWords, planInWords } from '../plain-words.ts';

/** “Pro, monthly, until 21 December. Paid $49.00 on 21 November.” */
export function describeCustomer({ world }: LocalStripe, customer: Customer): string {
  if (world.tables.deletedCustomers.has(customer.id)) return 'Deleted.';
  const subscriptions = world.subscriptionsOf(customer.id);
  const live = subscriptions.filter(({ ended_at }) => ended_at === null);
  const plans = live.map((subscription) => describeSubscription(world, subscription));
  if (plans.length === 0)
    plans.push(subscriptions.length > 0 ? 'No subscription any more.' : 'No subscription.');
  const invoice = world.invoicesOf(customer.id)[0];
  return [...plans, ...(invoice ? [describeInvoice(invoice)] : [])].join(' ');
}

function describeSubscription(world: LocalStripe['world'], subscription: Subscription): string {
  const item = subscription.items.data[0];
  if (!item) return `A subscription without a plan (${subscription.status}).`;
  const product = world.tables.products.get(item.price.product)?.name ?? item.price.product;
  const plan = planInWords(item.price, product);
  const until = dayInWords(item.current_period_end);
  const paused = subscription.pause_collection ? ' Collection is paused.' : '';
  return `${plan}${standing(subscription, until)}.${paused}${describeNextPhase(world, subscription)}`;
}

function standing({ cancel_at_period_end, status }: Subscription, until: string): string {
  if (status === 'past_due') return ', past due';
  if (status === 'trialing') return `, on trial until ${until}`;
  if (status !== 'active') return `, ${status.replaceAll('_', ' ')}`;
  return cancel_at_period_end ? `, cancelled, ends ${until}` : `, until ${until}`;
}

function describeNextPhase(world: LocalStripe['world'], subscription: Subscription): string {
  const schedule = world.tables.schedules.get(subscription.schedule ?? '');
  const next = schedule?.phases.at(-1)?.items[0];
  const price = next && world.tables.prices.get(next.price);
  if (!price) return '';
  return ` Then ${world.tables.products.get(price.product)?.name ?? price.product}.`;
}

function describeInvoice(invoice: Invoice): string {
  const amount = inWords(invoice.status === 'paid' ? invoice.amount_paid : invoice.amount_due);
  if (invoice.status === 'paid') {
    return `Paid ${amount} on ${dayInWords(invoice.status_transitions.paid_at ?? invoice.created)}.`;
  }
  if (invoice.status !== 'open') return `Last invoice: ${amount}, ${invoice.status}.`;
  const retry = invoice.next_payment_attempt;
  return `Owes ${amount}${retry ? `; Stripe tries again on ${dayInWords(retry)}` : ''}.`;
}
