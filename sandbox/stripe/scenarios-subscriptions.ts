import { dayInWords } from './plain-words.ts';
import type { Scenario } from './scenario.ts';
import { needsSofiasSubscription, planOf, sofiasSubscription } from './scenario-guards.ts';
import { stripeCast } from './seed-world.ts';

const { sofia } = stripeCast;

/** How many customers nobody linked have come so far is told by their addresses. */
const strangers = ['Nora', 'Omar', 'Pia', 'Quinn', 'Rosa'];

export const subscriptionScenarios: Scenario[] = [
  {
    id: 'sofia-upgrades',
    title: 'Sofia upgrades to pro',
    description: 'Sofia buys Pro in Checkout and pays; her tier should become pro and her credits arrive.',
    whyNot: (stripe) =>
      planOf(sofiasSubscription(stripe)) === 'pro_monthly' ? 'Sofia is on Pro already.' : null,
    run(stripe) {
      const subscription = sofiasSubscription(stripe);
      if (subscription) {
        stripe.world.changePlan(subscription.id, 'pro_monthly');
        return 'Sofia moved to Pro and paid the difference for the rest of her month.';
      }
      stripe.world.checkout({
        customer: sofia.id,
        price: 'pro_monthly',
        clientReferenceId: sofia.email,
        metadata: { lucy_customer: sofia.email },
      });
      return 'Sofia went through Checkout and pays $49.00 a month for Pro.';
    },
  },
  {
    id: 'sofia-renews',
    title: 'Sofia renews',
    description: 'Sofia’s period ends and the next one is paid; the new period’s credits should arrive once.',
    whyNot: needsSofiasSubscription,
    run(stripe) {
      const subscription = sofiasSubscription(stripe);
      const invoice = subscription && stripe.world.renew(subscription.id);
      return invoice
        ? `Sofia’s next period is paid, until ${dayInWords(subscription.items.data[0]?.current_period_end ?? 0)}.`
        : 'Sofia’s period ended, and her subscription with it.';
    },
  },
  {
    id: 'sofia-downgrades',
    title: 'Sofia downgrades at period end',
    description: 'Sofia chooses Starter from her next period on; her tier should stay until then.',
    whyNot(stripe) {
      const subscription = sofiasSubscription(stripe);
      if (!subscription) return needsSofiasSubscription(stripe);
      if (subscription.schedule)
        return 'Sofia’s downgrade is scheduled already. Press “Sofia renews” to see it happen.';
      return planOf(subscription) === 'starter_monthly' ? 'Sofia is on Starter already.' : null;
    },
    run(stripe) {
      const subscription = sofiasSubscription(stripe);
      if (subscription) stripe.world.scheduleChange(subscription.id, 'starter_monthly');
      return `Sofia keeps Pro until ${dayInWords(subscription?.items.data[0]?.current_period_end ?? 0)} and has Starter from then on.`;
    },
  },
  {
    id: 'sofia-cancels',
    title: 'Sofia cancels at period end',
    description: 'Sofia cancels in the portal; she keeps what she paid for until her period ends.',
    whyNot(stripe) {
      const subscription = sofiasSubscription(stripe);
      if (!subscription) return needsSofiasSubscription(stripe);
      if (subscription.schedule)
        return 'Sofia has a downgrade scheduled; Stripe takes one plan for the end at a time.';
      return subscription.cancel_at_period_end ? 'Sofia has cancelled already.' : null;
    },
    run(stripe) {
      const subscription = sofiasSubscription(stripe);
      if (subscription) stripe.world.cancelAtPeriodEnd(subscription.id, { feedback: 'too_expensive' });
      return `Sofia’s subscription ends on ${dayInWords(subscription?.cancel_at ?? 0)}.`;
    },
  },
  {
    id: 'stranger-subscribes',
    title: 'Unlinked customer subscribes',
    description:
      'Somebody whom Lucy cannot place subscribes to Pro; she should ask staff, not guess by e-mail.',
    whyNot: () => null,
    run({ world }) {
      const count = world.tables.customers.size();
      const name = `${strangers[count % strangers.length]} ${count}`;
      const email = `${name.toLowerCase().replace(' ', '.')}@unlinked.example`;
      const customer = world.createCustomer({ email, name });
      world.subscribe(customer.id, 'pro_monthly');
      return `${name} (${email}, ${customer.id}) subscribed to Pro, and nothing says who that is to us.`;
    },
  },
];
