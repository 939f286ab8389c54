import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import { findDispute } from '#db/disputes.ts';
import { listOpenEffectsOn } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import type { FetchedSubscription } from '#src/gateways/stripe.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';
import { type CreditsTaken, creditsTaken } from '#src/refunds/credits-taken.ts';
import { subscriptionToEnd } from '#src/refunds/ending.ts';
import { requireOwner } from '#src/refunds/owner.ts';
import type { Ending } from '#src/refunds/refund-input.ts';
import { requireRefundable } from '#src/refunds/require-refundable.ts';
import { requireUnlockedForRefund } from '#src/refunds/require-unlocked.ts';
import { type Standing, standingOf } from '#src/refunds/standing.ts';
import type { DisputeFacts } from './dispute-facts.ts';
import { requireAnswerable } from './require-answerable.ts';

/** What accepting comes to: while the bank only asks, a refund; afterwards, the money that it holds already. */
export type Acceptance = {
  how: 'refund' | 'close';
  customer: CustomerRow;
  facts: DisputeFacts;
  standing: Standing;
  /** What goes back, or stays away; in minor units. */
  amount: number;
  currency: string;
  money: string;
  credits: CreditsTaken;
  ending: Ending;
  ends: FetchedSubscription | null;
  basis: unknown;
};

/**
 * Decides from what Stripe says now, and never both: a refund of a charge that is under formal dispute would be refused,
 * and one on top of a lost dispute pays twice (docs.stripe.com/disputes/how-disputes-work).
 *
 * @throws UserError when it takes no answer, or what it is about is refunded in full
 */
export async function planAcceptance(
  sql: Sql,
  cause: Cause,
  facts: DisputeFacts,
  { ending, despiteRefund }: { ending: Ending; despiteRefund: boolean },
): Promise<Acceptance> {
  const { dispute, paid } = facts;
  const { charge } = paid;
  requireAnswerable(cause, dispute, await findDispute(sql, dispute.id));
  const customer = await requireOwner(sql, charge);
  const standing = standingOf(charge, paid.refunds, paid.disputes);
  const how = isInquiry(dispute.status) || dispute.isChargeRefundable ? 'refund' : 'close';
  if (how === 'refund') {
    requireRefundable(charge, standing, paid.disputes);
    await requireUnlockedForRefund(sql, customer);
  } else if (!despiteRefund) requireNotRefunded(facts, standing);
  // The bank may hold the money in a currency of its own.
  const { amount, currency } =
    how === 'refund' ? { amount: standing.left, currency: charge.currency } : dispute;
  const ends = subscriptionToEnd(paid, ending, { field: 'endAccess', flag: '--end-access' });
  const underWay = await Promise.all([charge.id, dispute.id].map((id) => listOpenEffectsOn(sql, id)));
  return {
    how,
    customer,
    facts,
    standing,
    amount,
    currency,
    money: formatMoney(amount, currency),
    credits: await creditsTaken(sql, cause.now, charge, standing.refunded + amount),
    ending,
    ends,
    basis: [
      how,
      customer.id,
      dispute.id,
      dispute.status,
      amount,
      currency,
      standing.refunded,
      ends && [ends.id, ends.status, ends.cancelAt],
      ending,
      underWay.flat().map((effect) => effect.id),
    ],
  };
}

/** The bank pays out of our money whatever was refunded before: only evidence of the refund keeps it. */
function requireNotRefunded({ dispute, paid: { charge } }: DisputeFacts, { refunded }: Standing): void {
  if (refunded < charge.amount) return;
  const message = `All ${formatMoney(refunded, charge.currency)} of ${charge.id} are refunded already, so accepting ${dispute.id} would pay the customer twice.`;
  const hint = `Contest it, and the refund goes to the bank as evidence: dispute contest ${dispute.id}. If you mean it all the same, add --despite-refund.`;
  throw new UserError('conflict', message, hint, { despiteRefund: message });
}
