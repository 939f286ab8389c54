import type { Procedure } from '../procedure.ts';

export const failedPayments: Procedure = {
  name: 'failed-payments',
  title: 'Failed or declined payments',
  source: 'Operations playbook',
  when: 'A card was declined, or an invoice stays unpaid.',
  steps: [
    {
      key: 'status',
      says: 'Look at the latest invoice and payment at Stripe: why it failed, and when it is tried next.',
      lines: ['payment show CUSTOMER'],
    },
    {
      key: 'portal',
      says: 'Ask the customer to update the payment method in the billing portal.',
      lines: ['payment portal-link CUSTOMER --ticket TICKET'],
    },
    {
      key: 'grace',
      says: 'A short grace of 24 to 72 hours begins by itself; extend it only within policy. After it the access is lowered by itself.',
      lines: ['payment grace CUSTOMER --ticket TICKET'],
      ticksBy: { evidence: 'a grace was given' },
    },
    {
      key: 'mail',
      says: 'The follow-up mail with the next steps and the support contact leaves by itself; see that it did.',
      lines: ['payment mail CUSTOMER --preview start'],
      ticksBy: { evidence: 'a mail about the payment was sent' },
    },
  ],
};
