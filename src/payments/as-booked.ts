import type { Sql } from '#db/connection.ts';
import { findGrantedTwin, findPayment } from '#db/payments.ts';
import type { PaymentTruth } from './payment-truth.ts';

/**
 * The payment under the id under which its money was booked. A checkout session can be read before Stripe has made its
 * invoice: then the payment intent is what was granted for, and the invoice that comes later is the same money.
 */
export async function asBooked(sql: Sql, truth: PaymentTruth): Promise<PaymentTruth> {
  if (!truth.paymentIntentId || ((await findPayment(sql, truth.id))?.credits_granted ?? 0) > 0) return truth;
  const twin = await findGrantedTwin(sql, truth.id, truth.paymentIntentId);
  if (!twin) return truth;
  // What was bought is granted already, whatever its lines are called here.
  return {
    ...truth,
    id: twin.id,
    status: truth.status === 'paid' ? 'paid' : statusOf(twin.status),
    lines: [],
  };
}

/** An invoice that is not yet marked as paid says nothing about money that has come. */
function statusOf(booked: string): PaymentTruth['status'] {
  return booked === 'paid' || booked === 'open' || booked === 'void' ? booked : 'other';
}
