import type { Sql } from '#db/connection.ts';
import { type DisputeRow, listOpenDisputesAtStripe, setDisputeRefunded } from '#db/disputes.ts';
import { findPayment } from '#db/payments.ts';
import type { Cause } from '#src/core/cause.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';

/**
 * Notes which open inquiries of a Stripe customer are settled because their payment went back in full, and which are
 * not after all, for a refund may fail at the cardholder's bank. Stripe itself goes on saying that it waits for an
 * answer until the bank closes the inquiry (docs.stripe.com/disputes/how-disputes-work, inquiries).
 *
 * @returns the ids of those that changed
 */
export async function noteRefunded(sql: Sql, cause: Cause, stripeCustomerId: string): Promise<string[]> {
  const changed: string[] = [];
  for (const dispute of await listOpenDisputesAtStripe(sql, stripeCustomerId)) {
    if (!isInquiry(dispute.status)) continue;
    const isRefunded = await wasRefunded(sql, dispute);
    if (isRefunded === (dispute.refunded_at !== null)) continue;
    await setDisputeRefunded(sql, dispute.id, isRefunded ? cause.now : null);
    changed.push(dispute.id);
  }
  return changed;
}

async function wasRefunded(sql: Sql, { payment_id: paymentId }: DisputeRow): Promise<boolean> {
  const payment = paymentId ? await findPayment(sql, paymentId) : undefined;
  return payment !== undefined && payment.amount_paid > 0 && payment.amount_refunded >= payment.amount_paid;
}
