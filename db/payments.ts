import type { Sql } from './connection.ts';

export type PaymentRow = {
  /** The invoice, or the payment intent that has none. */
  id: string;
  mode: string;
  stripe_customer_id: string | null;
  customer_id: string | null;
  subscription_id: string | null;
  payment_intent_id: string | null;
  charge_id: string | null;
  status: string;
  billing_reason: string | null;
  currency: string | null;
  amount_paid: number;
  amount_refunded: number;
  /** Lost to the cardholder's bank, beside what was refunded. */
  amount_lost: number;
  paid_at: number | null;
  credits_granted: number;
  credits_reversed: number;
  credits_debt: number;
  credits_staff_reversed: number;
  credits_staff_extra: number;
  /** Of what was taken back: had lapsed before. */
  credits_lapsed: number;
  settle_seq: number;
  fetched_at: number;
};

export async function findPayment(sql: Sql, id: string): Promise<PaymentRow | undefined> {
  return sql<PaymentRow>('payments').where({ id }).first();
}

/** By the invoice, the payment intent or the charge. */
export async function findPaymentByAnyId(sql: Sql, id: string): Promise<PaymentRow | undefined> {
  return sql<PaymentRow>('payments')
    .where({ id })
    .orWhere({ payment_intent_id: id })
    .orWhere({ charge_id: id })
    .first();
}

/** Another row that credits were granted for out of the same payment intent. */
export async function findGrantedTwin(
  sql: Sql,
  id: string,
  paymentIntentId: string,
): Promise<PaymentRow | undefined> {
  return sql<PaymentRow>('payments')
    .where((query) => query.where({ id: paymentIntentId }).orWhere({ payment_intent_id: paymentIntentId }))
    .whereNot({ id })
    .where('credits_granted', '>', 0)
    .first();
}

/** What a customer paid since then, the newest first. */
export async function listPaymentsOfCustomer(
  sql: Sql,
  customerId: string,
  since: number,
  limit: number,
): Promise<PaymentRow[]> {
  return sql<PaymentRow>('payments')
    .where({ customer_id: customerId })
    .where('paid_at', '>=', since)
    .orderBy('paid_at', 'desc')
    .limit(limit);
}

export async function insertPaymentIfNew(sql: Sql, row: PaymentRow): Promise<void> {
  await sql('payments').insert(row).onConflict('id').ignore();
}

export async function updatePayment(sql: Sql, id: string, patch: Partial<PaymentRow>): Promise<void> {
  await sql('payments').where({ id }).update(patch);
}

/** Staff took credits of this payment back: on top of a refund that took already, or towards one to come. */
export async function addPaymentReversed(sql: Sql, id: string, credits: number): Promise<void> {
  const payment = await findPayment(sql, id);
  if (!payment) return;
  const isOnTop = payment.credits_reversed > payment.credits_staff_reversed + payment.credits_staff_extra;
  await updatePayment(sql, id, {
    credits_reversed: payment.credits_reversed + credits,
    ...(isOnTop
      ? { credits_staff_extra: payment.credits_staff_extra + credits }
      : { credits_staff_reversed: payment.credits_staff_reversed + credits }),
  });
}
