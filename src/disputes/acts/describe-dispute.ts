import { formatMoney } from '#src/core/money.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';
import type { Fact } from '#src/replies/reply.ts';
import { reasonName, reasonWords } from '../reasons.ts';
import type { DisputeFacts } from './dispute-facts.ts';

/** Which dispute it is and what it claims: the same before each decision. */
export function disputeFacts({ dispute, paid }: DisputeFacts): Fact[] {
  const kind = isInquiry(dispute.status)
    ? 'An inquiry: the bank only asks, and no money moved'
    : 'A formal dispute: the bank holds the money';
  return [
    { label: 'Dispute', value: { code: dispute.id } },
    { label: 'Kind', value: kind },
    { label: 'Amount', value: formatMoney(dispute.amount, dispute.currency) },
    { label: 'Claim', value: `${reasonWords(dispute.reason).claim} (${reasonName(dispute.reason)})` },
    { label: 'Payment', value: { code: paid.charge.id } },
    ...(dispute.dueBy === null ? [] : [{ label: 'Answer by', value: { at: dispute.dueBy } }]),
  ];
}
