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
      lines: ['investigate TICKET', 'trace TICKET', 'customer timeline CUSTOMER'],
      ticksBy: { evidence: 'the ticket was correlated' },
    },
    {
      key: 'logs',
      says: 'Pull the Sentry issue and the application’s log lines with the correlation ID that the trace gave.',
      lines: ['investigate TICKET'],
      ticksBy: { evidence: 'the log and Sentry were read' },
    },
    {
      key: 'reproduce',
      says: 'Reproduce it in staging with anonymized data.',
      lines: ['customer export --anonymized true', 'investigation step --ticket TICKET --step reproduce'],
      ticksBy: { evidence: 'it was reproduced' },
    },
    {
      key: 'patch',
      says: 'Ship the patch together with a test that fails without it.',
      lines: ['investigation link TICKET', 'investigation close TICKET'],
      ticksBy: { evidence: 'patch and test are linked' },
    },
  ],
};
