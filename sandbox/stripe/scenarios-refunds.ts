import { inWords } from './plain-words.ts';
import type { Scenario } from './scenario.ts';
import { newestRefund } from './scenario-guards.ts';

/** What banks do with refunds, whoever asked for them. */
export const refundScenarios: Scenario[] = [
  {
    id: 'refunds-pend',
    title: 'The bank takes its time over refunds',
    description: 'From now on Lucy’s refunds stay pending; her card should wait for Stripe’s confirmation.',
    whyNot: ({ world }) => (world.tables.refunding.isHeld ? 'The bank takes its time already.' : null),
    run({ world }) {
      world.holdRefunds(true);
      return 'Refunds stay pending from now on, until the next one succeeds or fails.';
    },
  },
  {
    id: 'refund-succeeds',
    title: 'The pending refund succeeds',
    description: 'The bank confirms the newest pending refund; Lucy should call it done now.',
    whyNot: (stripe) => (newestRefund(stripe, 'pending') ? null : 'No refund is pending.'),
    run(stripe) {
      const refund = newestRefund(stripe, 'pending');
      if (refund) stripe.world.settleRefund(refund.id);
      stripe.world.holdRefunds(false);
      return `The refund of ${inWords(refund?.amount ?? 0)} succeeded.`;
    },
  },
  {
    id: 'refund-fails',
    title: 'The refund fails',
    description:
      'The bank sends the newest refund back, even days after it succeeded; credits should come back.',
    whyNot: (stripe) =>
      newestRefund(stripe, 'pending', 'succeeded') ? null : 'There is no refund that could fail.',
    run(stripe) {
      const refund = newestRefund(stripe, 'pending', 'succeeded');
      if (refund) stripe.world.failRefund(refund.id);
      stripe.world.holdRefunds(false);
      return `The bank sent the refund of ${inWords(refund?.amount ?? 0)} back: the card has expired.`;
    },
  },
];
