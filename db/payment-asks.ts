import type { Sql } from './connection.ts';

export type PaymentAskRow = {
  payment_id: string;
  stripe_customer_id: string;
  /** The checkout session that says what was bought, where no invoice does. */
  session_id: string | null;
  asked_at: number;
};

/** The next pass over this customer looks at this payment, refunds and all. */
export async function askForPayment(sql: Sql, row: PaymentAskRow): Promise<void> {
  await sql('payment_asks').insert(row).onConflict('payment_id').merge();
}

export async function listPaymentAsks(
  sql: Sql,
  stripeCustomerId: string,
  limit: number,
): Promise<PaymentAskRow[]> {
  return sql<PaymentAskRow>('payment_asks')
    .where({ stripe_customer_id: stripeCustomerId })
    .orderBy('asked_at', 'desc')
    .limit(limit);
}
