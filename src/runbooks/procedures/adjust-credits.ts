import type { Procedure } from '../procedure.ts';

export const adjustCredits: Procedure = {
  name: 'adjust-credits',
  title: 'Grant or revoke credits manually',
  source: 'Support runbook, section 3',
  when: 'Credits are missing, or were given wrongly.',
  steps: [
    { key: 'look', says: 'Look at the balance and what moved it.', lines: ['credits show CUSTOMER'] },
    {
      key: 'adjust',
      says: 'Grant or take credits, or take one entry of the ledger back.',
      lines: [
        'credits grant CUSTOMER --ticket TICKET',
        'credits consume CUSTOMER --ticket TICKET',
        'credits reverse --ticket TICKET',
      ],
      ticksBy: { commands: ['credits grant', 'credits consume', 'credits reverse'] },
    },
    { key: 'log', says: 'Put the receipt’s block into the ticket; the correlation ID stands in it.' },
  ],
};
