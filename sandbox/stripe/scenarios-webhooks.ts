import type { Scenario } from './scenario.ts';
import { deliveryOf } from './webhooks/delivery-state.ts';

export const webhookScenarios: Scenario[] = [
  {
    id: 'webhooks-lost',
    title: 'Webhooks are lost for an hour',
    description: 'From now on no webhook arrives; what happens meanwhile Lucy must find by herself.',
    whyNot: (stripe) => (stripe.isLosingWebhooks() ? 'Webhooks are being lost already.' : null),
    run(stripe) {
      stripe.loseWebhooks(true);
      return 'Webhooks are lost from now on. Let something happen, and see whether Lucy finds it.';
    },
  },
  {
    id: 'webhooks-return',
    title: 'Webhooks come back',
    description: 'Webhooks arrive again; the lost ones stay lost until Lucy asks for them.',
    whyNot: (stripe) => (stripe.isLosingWebhooks() ? null : 'No webhooks are being lost.'),
    run(stripe) {
      stripe.loseWebhooks(false);
      const lost = stripe.events.filter((event) => deliveryOf(stripe, event).state === 'lost').length;
      return `Webhooks arrive again. ${lost === 1 ? 'One event was' : `${lost} events were`} lost.`;
    },
  },
  {
    id: 'deliver-100',
    title: 'Deliver the last webhook 100 times',
    description: 'Stripe repeats itself a hundred times at once; everything should happen once.',
    whyNot: (stripe) => (stripe.events.length > 0 ? null : 'Nothing has happened yet.'),
    async run(stripe) {
      const event = stripe.lastEvent();
      const attempts = await stripe.deliver(event.id, { times: 100, concurrently: true });
      const taken = attempts.filter(({ status }) => status === 200).length;
      return `Delivered ${event.type} (${event.id}) 100 times; Lucy answered 200 to ${taken} of them.`;
    },
  },
];
