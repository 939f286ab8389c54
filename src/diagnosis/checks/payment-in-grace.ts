import { formatUtc } from '#src/core/clock.ts';
import { type Check, fine } from '../check.ts';

/** Operations playbook, failed payments: as it should be, and what a customer complains about. Nobody has to mend Lucy. */
export const paymentInGrace: Check = {
  id: 'payment_in_grace',
  async run({ picture: { entitlement, customer } }) {
    const deadlineAt = entitlement?.grace_deadline_at ?? null;
    if (entitlement?.access !== 'grace' || deadlineAt === null) return fine('No grace is open.');
    const { email } = customer;
    return {
      verdict: 'problem',
      sentence: `A payment failed: ${email} keeps ${entitlement.tier} until ${formatUtc(deadlineAt)}, and no longer unless it is paid.`,
      evidence: [`Subscription ${entitlement.source_ref ?? 'unknown'}`],
      remedy: { label: 'Send a portal link', line: `payment portal-link ${email}` },
      others: [
        { label: 'Give more time', line: `payment grace ${email}` },
        { label: 'Look at the payment', line: `payment show ${email}` },
      ],
    };
  },
};
