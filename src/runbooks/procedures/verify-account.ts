import type { Procedure } from '../procedure.ts';

export const verifyAccount: Procedure = {
  name: 'verify-account',
  title: 'Verify account state',
  source: 'Support runbook, section 2',
  when: 'Before anything is changed: what does the customer have, and what should they have?',
  steps: [
    {
      key: 'show',
      says: 'Look at tier, Stripe customer, credits and the last five credit events.',
      lines: ['customer show CUSTOMER'],
      instead: 'The runbook opens a shell on the product. Nobody needs one for looking.',
    },
    {
      key: 'compare',
      says: 'Does the tier match the subscription? The diagnosis says which of the runbook’s rows is the case.',
      lines: ['customer diagnose CUSTOMER'],
    },
    {
      key: 'replay',
      says: 'If it does not: handle the Stripe event again that should have changed it.',
      lines: ['webhook replay EVENT --ticket TICKET'],
      ticksBy: { commands: ['webhook replay'] },
    },
  ],
};
