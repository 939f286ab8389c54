import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import { findEntitlement } from '#db/entitlements.ts';
import { listOpenEffectsOn } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatMoney } from '#src/core/money.ts';
import type { FetchedSubscription, StripeRefundReason } from '#src/gateways/stripe.ts';
import { amountToRefund, readAmount } from './amount.ts';
import { type CreditsTaken, creditsTaken } from './credits-taken.ts';
import { subscriptionToEnd } from './ending.ts';
import { requireOwner } from './owner.ts';
import type { Ending, RefundFacts, RefundInput } from './refund-input.ts';
import { requireRefundable } from './require-refundable.ts';
import { requireUnlockedForRefund } from './require-unlocked.ts';
import { type Standing, standingOf } from './standing.ts';
import { openRequestWarnings, refundWarnings } from './warnings.ts';

/** A refund that Stripe would take, with all that it does. Amounts in minor units. */
export type PlannedRefund = {
  customer: CustomerRow;
  facts: RefundFacts;
  standing: Standing;
  amount: number;
  /** `$49.00`. */
  money: string;
  stripeReason: StripeRefundReason;
  ending: Ending;
  /** The subscription that ends with it. */
  ends: FetchedSubscription | null;
  credits: CreditsTaken;
  warnings: string[];
  /** What must be the same when it is approved. What the product spends meanwhile is not in it. */
  basis: unknown;
};

/**
 * Decides from what Stripe and the database say; writes nothing.
 *
 * @throws UserError when it cannot be refunded, with why and what to do
 */
export async function planRefund(
  sql: Sql,
  cause: Cause,
  facts: RefundFacts,
  input: RefundInput,
): Promise<PlannedRefund> {
  const { charge, refunds, disputes, subscription } = facts;
  const { stripeReason = 'requested_by_customer', endSubscription: ending = 'no' } = input;
  const standing = standingOf(charge, refunds, disputes);
  requireRefundable(charge, standing, disputes);
  const customer = await requireOwner(sql, charge);
  await requireUnlockedForRefund(sql, customer);
  const amount = amountToRefund(readAmount(input.amount), charge, standing);
  const ends = subscriptionToEnd(facts, ending);
  const credits = await creditsTaken(sql, cause.now, charge, standing.refunded + amount);
  const entitlement = await findEntitlement(sql, customer.id);
  const underWay = await listOpenEffectsOn(sql, charge.id);
  return {
    customer,
    facts,
    standing,
    amount,
    money: formatMoney(amount, charge.currency),
    stripeReason,
    ending,
    ends,
    credits,
    warnings: [
      ...(await openRequestWarnings(sql, cause, customer.id)),
      ...refundWarnings(facts, standing, { amount, stripeReason, ending }, credits, cause.now),
    ],
    basis: [
      customer.id,
      charge.id,
      charge.currency,
      amount,
      standing.refunded,
      disputes.map(({ id, status, isChargeRefundable }) => [id, status, isChargeRefundable]),
      subscription && [subscription.id, subscription.status, subscription.cancelAt],
      entitlement?.tier ?? null,
      // Another refund of it that was approved and that Stripe does not show yet.
      underWay.map((effect) => effect.id),
      stripeReason,
      ending,
    ],
  };
}
