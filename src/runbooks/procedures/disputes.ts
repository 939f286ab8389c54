import type { Procedure } from '../procedure.ts';

export const disputes: Procedure = {
  name: 'disputes',
  title: 'Stripe subscription disputes',
  source: 'Operations playbook',
  when: 'A customer’s bank disputes a payment, or asks about it.',
  steps: [
    {
      key: 'timeline',
      says: 'Read the customer’s timeline: what happened at Stripe beside what we did.',
      lines: ['dispute list', 'customer timeline CUSTOMER'],
    },
    {
      key: 'compare',
      says: 'Compare it with our own reports and usage counters; the dispute’s card shows both side by side.',
      lines: ['dispute show', 'credits audit CUSTOMER'],
    },
    {
      key: 'valid',
      says: 'Is the customer right? Give the money back, then end the access where that was asked.',
      lines: [
        'dispute accept',
        'refund request CUSTOMER --ticket TICKET',
        'subscription cancel CUSTOMER --ticket TICKET',
      ],
      instead:
        'The playbook says to refund. Stripe refuses that for a charge under formal dispute: accept the dispute there, and refund only while it is an inquiry or still refundable.',
      ticksBy: { commands: ['dispute accept', 'dispute contest', 'refund request'] },
    },
    {
      key: 'contest',
      says: 'Is the customer wrong? Answer the bank with evidence before the deadline; else tick this by hand.',
      lines: ['dispute evidence', 'dispute contest'],
      ticksBy: { commands: ['dispute accept', 'dispute contest', 'refund request'] },
    },
    {
      key: 'fraud',
      says: 'Is it fraud? Lock the account and preserve what is evidence.',
      lines: ['dispute fraud', 'customer lock CUSTOMER --ticket TICKET'],
      ticksBy: { commands: ['dispute fraud', 'customer lock'] },
    },
  ],
};
