import type { Procedure } from '../procedure.ts';

export const stripeReconciliation: Procedure = {
  name: 'stripe-reconciliation',
  title: 'Stripe reconciliation of one customer',
  source: 'Support runbook, section 4',
  when: 'Stripe and we disagree about one customer.',
  steps: [
    {
      key: 'locate',
      says: 'Find the customer at Stripe; an email alone proves nothing, so link the right one by its id.',
      lines: ['customer show CUSTOMER', 'customer link CUSTOMER --ticket TICKET'],
    },
    {
      key: 'resend',
      says: 'Find the most recent webhook events in the timeline, and handle them again.',
      lines: ['customer timeline CUSTOMER', 'webhook replay EVENT --ticket TICKET'],
      instead:
        'The runbook says stripe events resend --forward-to staging: there is no such flag, and staging cannot mend production. Lucy takes the event by its id from her own inbox or from Stripe.',
      ticksBy: { commands: ['webhook replay', 'webhook resend', 'reconcile run'] },
    },
    {
      key: 'handled',
      says: 'See that it was handled: the event’s outcome is an action such as subscription_updated.',
      lines: ['webhook show EVENT'],
      ticksBy: { evidence: 'an event was handled' },
    },
    {
      key: 'escalate',
      says: 'Did the event fail twice? Hand it to the billing engineering rotation.',
      lines: ['escalate --team billing_engineering CUSTOMER --ticket TICKET'],
      ticksBy: { commands: ['escalate'] },
    },
  ],
};
