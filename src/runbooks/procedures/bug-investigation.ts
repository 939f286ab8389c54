import type { Procedure } from '../procedure.ts';

export const bugInvestigation: Procedure = {
  name: 'bug-investigation',
  title: 'Bug investigation',
  source: 'Operations playbook',
  when: 'A ticket looks like a defect of ours.',
  steps: [
    {
      key: 'correlate',
      says: 'Find what belongs to the ticket, or to the time of the request.',
      lines: ['trace TICKET', 'customer timeline CUSTOMER'],
    },
    {
      key: 'logs',
      says: 'Pull the Sentry issue and the application’s log lines with the correlation ID that the trace gave.',
      lines: ['investigate TICKET'],
    },
    {
      key: 'reproduce',
      says: 'Reproduce it in staging with anonymized data.',
      lines: ['customer export --anonymized true'],
    },
    { key: 'patch', says: 'Ship the patch together with a test that fails without it.' },
  ],
};
