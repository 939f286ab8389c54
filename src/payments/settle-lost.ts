import type { Sql } from '#db/connection.ts';
import { findPayment, updatePayment } from '#db/payments.ts';
import type { Cause } from '#src/core/cause.ts';
import { openAccount } from '#src/credits/post-entry.ts';
import { type Settled, settlePayment } from '#src/credits/settle.ts';
import { readLostAmount } from './losses.ts';

/**
 * Settles what a bank decided about a payment that is booked already, when nobody asks Stripe about the payment itself:
 * its Stripe customer is linked to nobody by now.
 *
 * @returns null when it was booked for nobody
 */
export async function settleLost(
  sql: Sql,
  cause: Cause,
  paymentId: string,
): Promise<(Settled & { lostMoved: number }) | null> {
  const customerId = (await findPayment(sql, paymentId))?.customer_id;
  if (!customerId) return null;
  await openAccount(sql, cause, customerId);
  // Read again now that the account is held: the first reading only said whose it is.
  const payment = await findPayment(sql, paymentId);
  if (!payment) throw new Error(`Payment ${paymentId} vanished`);
  const current = { ...payment, amount_lost: await readLostAmount(sql, payment) };
  await updatePayment(sql, paymentId, { amount_lost: current.amount_lost });
  const lostMoved = current.amount_lost - payment.amount_lost;
  const reason =
    lostMoved > 0
      ? `A dispute of ${paymentId} was lost`
      : `A dispute of ${paymentId} that was lost is not any more`;
  const settled = await settlePayment(sql, { ...cause, reason }, customerId, current);
  return { ...settled, lostMoved };
}
