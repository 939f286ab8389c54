import type { Procedure } from '../procedure.ts';

export const collectEssentials: Procedure = {
  name: 'collect-essentials',
  title: 'Collect essentials',
  source: 'Support runbook, section 1',
  when: 'At the start of every ticket about plans, credits or billing.',
  steps: [
    { key: 'ask', says: 'Ask the customer for their login email and about when it happened.' },
    {
      key: 'request',
      says: 'Take the X-Request-ID from the ticket or the log, and follow it.',
      lines: ['trace TICKET'],
    },
    {
      key: 'history',
      says: 'Find every change of the entitlement with that correlation ID; in the log it is event:"entitlement_change".',
      lines: ['customer timeline CUSTOMER'],
    },
  ],
};
