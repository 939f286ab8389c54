import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import type { FetchedCharge } from '#src/gateways/stripe.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';
import { lostAmount } from '#src/payments/losses.ts';

const over = new Set(['won', 'lost', 'prevented', 'warning_closed']);

/**
 * A charge under formal dispute is debited already and Stripe takes no refund for it (`charge_disputed`); an inquiry
 * (`warning_*`), a dispute that was won, and one that Stripe says is still refundable stand in nobody's way. Nor does
 * one that was lost over a part, when the bank asks about the rest and Stripe says that it can be refunded.
 * docs.stripe.com/disputes/how-disputes-work
 */
export function blockingDispute(
  disputes: readonly FetchedDispute[],
  leftOfPayment: number,
): FetchedDispute | undefined {
  const isRestRefundable =
    leftOfPayment > 0 &&
    disputes.some(({ status, isChargeRefundable }) => isChargeRefundable && !over.has(status));
  return disputes.find(
    ({ status, isChargeRefundable }) =>
      !isChargeRefundable &&
      status !== 'won' &&
      !status.startsWith('warning_') &&
      !(status === 'lost' && isRestRefundable),
  );
}

/** What the bank keeps for good beside what was refunded, in minor units of the charge's currency. */
export function lostOf(charge: FetchedCharge, refunded: number, disputes: readonly FetchedDispute[]): number {
  return lostAmount(
    disputes.map((dispute) => ({ ...dispute, case_type: dispute.caseType })),
    { amount_paid: charge.amount, amount_refunded: refunded, currency: charge.currency },
  );
}

/** One that is still being decided, whether or not it stands in the way. */
export function openDispute(disputes: readonly FetchedDispute[]): FetchedDispute | undefined {
  return disputes.find(({ status }) => !over.has(status));
}

/** Why a disputed charge is not refunded, and what to do instead. */
export function disputedError(charge: FetchedCharge, dispute: FetchedDispute, left: number): UserError {
  const chargeId = charge.id;
  const which = `${dispute.id}, “${dispute.reason.replaceAll('_', ' ')}”, ${formatMoney(dispute.amount, dispute.currency)}`;
  if (dispute.status === 'lost' && left > 0) {
    return new UserError(
      'conflict',
      `The cardholder’s bank already took a part of ${chargeId} back (${which}, lost). ${formatMoney(left, charge.currency)} of it are still ours, and Stripe refunds no charge that was lost to a bank.`,
      `If the customer is to have the rest too, agree with them on another way. Look: dispute show ${dispute.id}`,
      { payment: 'The bank already took a part of this money back.' },
    );
  }
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
