import type { Procedure } from '../procedure.ts';

export const postResolution: Procedure = {
  name: 'post-resolution',
  title: 'Post-resolution checklist',
  source: 'Support runbook, section 6',
  when: 'After a fix, before the ticket is closed.',
  hasSummary: true,
  steps: [
    {
      key: 'seen',
      says: 'The customer sees the right tier and credits: the product has asked Lucy since the fix, and got them.',
      lines: ['customer show CUSTOMER'],
      ticksBy: { evidence: 'the product read it' },
    },
    {
      key: 'summary',
      says: 'The summary of all that was done, with its commands, stands in the ticket: paste the block below.',
      ticksBy: { evidence: 'the summary is pasted' },
    },
    {
      key: 'runbook',
      says: 'The runbooks hold what was done; if a step was new, it is suggested.',
      lines: ['runbook suggest --ticket TICKET'],
      ticksBy: { evidence: 'the runbooks know the way' },
    },
  ],
};
