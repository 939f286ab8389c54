import type { Procedure } from '../procedure.ts';

export const manualAdjustments: Procedure = {
  name: 'manual-adjustments',
  title: 'Manual account adjustments',
  source: 'Operations playbook',
  when: 'Something of an account has to be set by hand.',
  steps: [
    {
      key: 'look',
      says: 'Look at what the customer has, so that it is given once.',
      lines: ['customer show CUSTOMER'],
    },
    {
      key: 'adjust',
      says: 'Do what is needed: one-time credits, the status of a subscription that is paid outside Stripe, or the verification of the email.',
      lines: [
        'credits grant CUSTOMER --ticket TICKET',
        'subscription set CUSTOMER --ticket TICKET',
        'customer verify-email CUSTOMER --ticket TICKET',
      ],
      instead:
        'The playbook names scripts/admin_cli.py. Its words still work at the terminal: npx lucy grant-credits --email … --count 2.',
      ticksBy: { commands: ['credits grant', 'subscription set', 'customer verify-email'] },
    },
    {
      key: 'check',
      says: 'Look again, and put the receipt’s block into the ticket.',
      lines: ['customer show CUSTOMER'],
    },
  ],
};
