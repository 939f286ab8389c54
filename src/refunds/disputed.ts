import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';

/**
 * A charge under formal dispute is debited already and Stripe takes no refund for it (`charge_disputed`); an inquiry
 * (`warning_*`), a dispute that was won, and one that Stripe says is still refundable stand in nobody's way.
 * docs.stripe.com/disputes/how-disputes-work
 */
export function blockingDispute(disputes: readonly FetchedDispute[]): FetchedDispute | undefined {
  return disputes.find(
    ({ status, isChargeRefundable }) =>
      !isChargeRefundable && status !== 'won' && !status.startsWith('warning_'),
  );
}

const over = new Set(['won', 'lost', 'prevented', 'warning_closed']);

/** One that is still being decided, whether or not it stands in the way. */
export function openDispute(disputes: readonly FetchedDispute[]): FetchedDispute | undefined {
  return disputes.find(({ status }) => !over.has(status));
}

/** Why a disputed charge is not refunded, and what to do instead. */
export function disputedError(chargeId: string, dispute: FetchedDispute): UserError {
  const which = `${dispute.id}, “${dispute.reason.replaceAll('_', ' ')}”, ${formatMoney(dispute.amount, dispute.currency)}`;
  if (over.has(dispute.status)) {
    return new UserError(
      'conflict',
      `The cardholder’s bank already took the money of ${chargeId} back (${which}, ${dispute.status}), so there is nothing to refund.`,
      `A refund on top would pay the customer twice. Look: dispute show ${dispute.id}`,
      { payment: 'The bank already took this money back.' },
    );
  }
  const due = dispute.dueBy === null ? '' : ` by ${formatUtc(dispute.dueBy)}`;
  return new UserError(
    'conflict',
    `The cardholder disputes ${chargeId} (${which}), and Stripe refunds no charge under dispute: the bank holds the money already.`,
    dispute.status === 'under_review'
      ? `The evidence is with the bank. Wait for its decision; it shows here: dispute show ${dispute.id}`
      : `Decide${due}: “dispute accept ${dispute.id}” gives the money up, “dispute contest ${dispute.id}” answers with evidence.`,
    { payment: 'This payment is under dispute.' },
  );
}

/** What whoever decides about the refund must know of a dispute that does not stand in the way. */
export function disputeWarning(disputes: readonly FetchedDispute[]): string | null {
  const dispute = openDispute(disputes);
  if (!dispute) {
    const won = disputes.find(({ status }) => status === 'won');
    return won ? `This payment was disputed (${won.id}), and the dispute was won; the money is ours.` : null;
  }
  const due = dispute.dueBy === null ? '' : ` until ${formatUtc(dispute.dueBy)}`;
  const kind = dispute.status.startsWith('warning_') ? 'The bank inquires about' : 'The cardholder disputes';
  return `${kind} this payment (${dispute.id}, “${dispute.reason.replaceAll('_', ' ')}”, open${due}). Stripe still takes a refund; only a full one ends the matter.`;
}
