import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { Cause } from '#src/core/cause.ts';
import { errorMessage } from '#src/core/errors.ts';
import { clamp, counted, listed } from '#src/core/text.ts';
import type { Recomputed } from '#src/entitlements/recompute.ts';
import { raiseFinding, settleFinding } from '#src/findings/open.ts';
import type { PaymentNews } from './apply-payments.ts';
import type { FetchedCustomer } from './fetch-customer.ts';

/** What a pass noticed that a person should look at; what is in order again is closed. */
export async function raiseSyncFindings(
  sql: Sql,
  cause: Cause,
  owner: CustomerRow,
  stripeCustomerId: string,
  fetched: FetchedCustomer,
  recomputed: Recomputed,
  news: readonly PaymentNews[],
): Promise<void> {
  const { entitlement } = recomputed;
  if (entitlement.unmappedPrices.length > 0) {
    await raiseFinding(sql, cause, {
      kind: 'unmapped_price',
      subject: owner.id,
      customerId: owner.id,
      summary: `${owner.email} pays for ${listed(entitlement.unmappedPrices)}, which no plan maps; the tier ${entitlement.tier} was kept.`,
      hint: 'Add the price to plans: in lucy.config.yml, then: tier reset EMAIL',
      evidence: { prices: entitlement.unmappedPrices },
      // Somebody who pays and has nothing is an emergency; somebody who keeps their tier is not.
      tell: entitlement.source === 'default' ? 'oncall' : 'billing',
    });
  } else await settleFinding(sql, 'unmapped_price', owner.id, cause.now);

  if (entitlement.duplicates.length > 0) {
    await raiseFinding(sql, cause, {
      kind: 'duplicate_subscription',
      subject: owner.id,
      customerId: owner.id,
      summary: `${owner.email} has ${entitlement.duplicates.length} subscriptions that count at once: ${listed(entitlement.duplicates)}.`,
      hint: 'The highest tier holds. Ask the customer which one to cancel.',
      evidence: { subscriptions: entitlement.duplicates },
      tell: 'billing',
    });
  } else await settleFinding(sql, 'duplicate_subscription', owner.id, cause.now);

  if (fetched.isDeleted) {
    await raiseFinding(sql, cause, {
      kind: 'customer_deleted_at_stripe',
      subject: stripeCustomerId,
      customerId: owner.id,
      summary: `${owner.email}’s Stripe customer ${stripeCustomerId} was deleted at Stripe; purchased credits stay.`,
      hint: 'If it was a mistake, link the new Stripe customer: customer link EMAIL cus_…',
      evidence: { stripeCustomer: stripeCustomerId },
      tell: 'billing',
    });
  }
  for (const item of news) await raisePaymentFindings(sql, cause, owner, item);
  for (const [paymentId, error] of fetched.unreadable) {
    await raiseFinding(sql, cause, {
      kind: 'payment_unreadable',
      subject: paymentId,
      customerId: owner.id,
      summary: `Payment ${paymentId} of ${owner.email} could not be booked: ${clamp(errorMessage(error), 200)}`,
      hint: 'Tier and access went on without it. Look at it in Stripe, and escalate to billing engineering.',
      evidence: { payment: paymentId },
      tell: 'billing',
    });
  }
}

async function raisePaymentFindings(
  sql: Sql,
  cause: Cause,
  owner: CustomerRow,
  item: PaymentNews,
): Promise<void> {
  if (item.debtMoved > 0) {
    await raiseFinding(sql, cause, {
      kind: 'credits_debt',
      subject: item.paymentId,
      customerId: owner.id,
      summary: `${owner.email} had spent ${counted(item.debtMoved, 'credit')} of ${item.paymentId} before it was ${item.lostMoved > 0 ? 'lost to a dispute' : 'refunded'}; they are debt now.`,
      hint: 'Decide with billing whether to forgive it. The balance itself never goes below zero.',
      evidence: { payment: item.paymentId, debt: item.debtMoved },
      tell: 'billing',
    });
  }
  if (item.isPaidAfterCancel) {
    await raiseFinding(sql, cause, {
      kind: 'paid_after_cancel',
      subject: item.paymentId,
      customerId: owner.id,
      summary: `${owner.email} paid ${item.paymentId} after its subscription had ended; it brought nothing.`,
      hint: 'Refund it, or help the customer to subscribe again.',
      evidence: { payment: item.paymentId },
      tell: 'billing',
    });
  }
}
