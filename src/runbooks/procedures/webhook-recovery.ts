import type { Procedure } from '../procedure.ts';

export const webhookRecovery: Procedure = {
  name: 'webhook-recovery',
  title: 'Stripe webhook failure recovery',
  source: 'Operations playbook',
  when: 'Stripe’s webhooks do not arrive, are refused, or fail here.',
  steps: [
    {
      key: 'identify',
      says: 'See what failed here and what Stripe could not deliver.',
      lines: ['webhook failed'],
    },
    {
      key: 'health',
      says: 'Find and mend the cause first: the endpoint, the secret, the clock, or the body that somebody parsed.',
      lines: ['webhook health'],
      ticksBy: { evidence: 'webhooks arrive again' },
    },
    {
      key: 'resend',
      says: 'Handle the failed events again; Lucy counts them first, and refuses while the endpoint is not well.',
      lines: ['webhook replay --failed true --ticket TICKET', 'webhook resend EVENT --ticket TICKET'],
      ticksBy: { commands: ['webhook replay', 'webhook resend'] },
    },
    {
      key: 'reconcile',
      says: 'Was it long? Compare Stripe’s subscriptions with ours in both directions, and apply what was reviewed.',
      lines: ['reconcile run --ticket TICKET', 'reconcile apply --ticket TICKET'],
      ticksBy: { commands: ['reconcile run', 'reconcile apply'] },
    },
    {
      key: 'notes',
      says: 'What was done goes into the open incident’s notes by itself; add what only you know.',
      lines: ['incident note TEXT'],
      ticksBy: { commands: ['incident note'] },
    },
  ],
};
