import type { Procedure } from '../procedure.ts';

export const resetTier: Procedure = {
  name: 'reset-tier',
  title: 'Reset plan tier',
  source: 'Support runbook, section 3',
  when: 'The tier is wrong, and the subscription is right.',
  steps: [
    {
      key: 'set',
      says: 'Let the subscription decide again; or set a tier by hand, best with an end.',
      lines: ['tier reset CUSTOMER --ticket TICKET', 'tier set CUSTOMER --ticket TICKET'],
      ticksBy: { commands: ['tier reset', 'tier set'] },
    },
    {
      key: 'confirm',
      says: 'See that the change was written: Lucy logs it as entitlement_change.',
      lines: ['customer show CUSTOMER'],
      ticksBy: { evidence: 'the entitlement changed' },
    },
  ],
};
