import { type Check, fine } from '../check.ts';

/** Operations playbook, failed payments: the grace ran out, and so did the tier. It comes back when they pay. */
export const paymentOverdue: Check = {
  id: 'payment_overdue',
  async run({ picture: { entitlement, customer, subscriptions } }) {
    const pastDue = subscriptions.find(({ status }) => status === 'past_due' || status === 'unpaid');
    if (!pastDue || entitlement?.source === 'subscription') return fine('No payment is overdue.');
    const { email } = customer;
    return {
      verdict: 'problem',
      sentence: `${pastDue.id} is ${pastDue.status} and its grace is over, so it gives no tier until it is paid.`,
      evidence: [`Latest invoice ${pastDue.latest_invoice_id ?? 'unknown'}`],
      remedy: { label: 'Send a portal link', line: `payment portal-link ${email}` },
      others: [
        { label: 'Give more time', line: `payment grace ${email}` },
        { label: 'Look at the payment', line: `payment show ${email}` },
      ],
    };
  },
};
