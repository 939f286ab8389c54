import type { Procedure } from '../procedure.ts';

export const escalation: Procedure = {
  name: 'escalation',
  title: 'Escalation criteria',
  source: 'Support runbook, section 5',
  when: 'Support cannot mend it alone.',
  steps: [
    {
      key: 'diagnose',
      says: 'Let the diagnosis name the row and the team.',
      lines: ['customer diagnose CUSTOMER'],
    },
    {
      key: 'devops',
      says: 'A correlation ID or logs are missing: DevOps.',
      lines: ['escalate --team devops CUSTOMER --ticket TICKET'],
    },
    {
      key: 'billing',
      says: 'Stripe was paid and nothing changed here, or an upgrade failed twice: billing engineering.',
      lines: ['escalate --team billing_engineering CUSTOMER --ticket TICKET'],
    },
    {
      key: 'backend',
      says: 'Credits that were paid were never granted: backend engineering.',
      lines: ['escalate --team backend_engineering CUSTOMER --ticket TICKET'],
    },
    {
      key: 'data',
      says: 'The balance is negative or stuck, or does not decrement: data platform.',
      lines: ['escalate --team data_platform CUSTOMER --ticket TICKET'],
    },
    {
      key: 'stripe',
      says: 'Webhook signatures are refused again and again, or the billing portal fails: Stripe’s support.',
      lines: ['webhook health', 'escalate --team stripe_support CUSTOMER --ticket TICKET'],
      instead:
        'The runbook opens a ticket at Stripe at once. Refused signatures mean a wrong secret, a parsed body or a wrong clock, so Lucy diagnoses these first.',
    },
    {
      key: 'handed',
      says: 'One of them has it, and you know who.',
      lines: ['escalation list'],
      ticksBy: { commands: ['escalate'] },
    },
  ],
};
