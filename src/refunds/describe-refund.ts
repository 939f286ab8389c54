import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import type { Change, Fact } from '#src/replies/reply.ts';
import type { CreditsTaken } from './credits-taken.ts';
import { endingChange } from './ending.ts';
import type { PlannedRefund } from './plan-refund.ts';

/** What moves: how much of the payment is refunded, and whether a subscription ends. */
export function refundChanges({ facts, standing, amount, ends, ending }: PlannedRefund): Change[] {
  const { charge } = facts;
  const of = (refunded: number) =>
    `${formatMoney(refunded, charge.currency)} of ${formatMoney(charge.amount, charge.currency)}`;
  return [
    { label: 'Refunded', before: of(standing.refunded), after: of(standing.refunded + amount) },
    ...(ends ? [endingChange(ends, ending)] : []),
  ];
}

/** Which payment it is, and what follows from it. */
export function refundFacts({ facts, stripeReason, credits }: PlannedRefund): Fact[] {
  const { charge, invoiceId } = facts;
  return [
    { label: 'Payment', value: { code: charge.id } },
    ...(invoiceId ? [{ label: 'Invoice', value: { code: invoiceId } }] : []),
    ...(charge.description ? [{ label: 'Paid for', value: charge.description }] : []),
    { label: 'Paid', value: { at: charge.createdAt } },
    ...(charge.paidWith ? [{ label: 'Paid with', value: charge.paidWith }] : []),
    { label: 'Reason for Stripe', value: stripeReason.replaceAll('_', ' ') },
    { label: 'Credits', value: creditsWords(credits) },
  ];
}

/** What becomes of the credits that the payment brought. */
export function creditsWords({ brought, taken, debt }: CreditsTaken): string {
  if (brought === 0) return 'This payment brought none; all stay.';
  if (taken === 0)
    return `All stay of the ${counted(brought, 'credit')} that this payment brought, less what was taken back before.`;
  const spent =
    debt === 0
      ? ''
      : `; ${debt.toLocaleString('en-US')} of them ${debt === 1 ? 'is used up and becomes' : 'are used up and become'} debt`;
  return `Takes back up to ${taken.toLocaleString('en-US')} of the ${counted(brought, 'credit')} that this payment brought${spent}.`;
}
