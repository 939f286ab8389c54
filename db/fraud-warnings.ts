import type { Sql } from './connection.ts';

/** A card issuer's early warning of fraud on a charge. */
export type FraudWarningRow = {
  id: string;
  mode: string;
  charge_id: string;
  payment_intent_id: string | null;
  stripe_customer_id: string | null;
  customer_id: string | null;
  fraud_type: string;
  /** Stripe's word: no dispute yet, and not fully refunded. */
  is_actionable: number;
  amount: number;
  currency: string;
  amount_refunded: number;
  created_at: number;
  fetched_at: number;
  /** Rises with every change of what the card shows. */
  version: number;
};

/** What Stripe said, without how it is shown. */
export type FraudWarningFacts = Omit<FraudWarningRow, 'version'>;

export async function findFraudWarning(sql: Sql, id: string): Promise<FraudWarningRow | undefined> {
  return sql<FraudWarningRow>('early_fraud_warnings').where({ id }).first();
}

export async function listFraudWarningsOfCharge(sql: Sql, chargeId: string): Promise<FraudWarningRow[]> {
  return sql<FraudWarningRow>('early_fraud_warnings').where({ charge_id: chargeId }).orderBy('created_at');
}

/** Newest first. */
export async function listFraudWarningsOfCustomer(sql: Sql, customerId: string): Promise<FraudWarningRow[]> {
  return sql<FraudWarningRow>('early_fraud_warnings')
    .where({ customer_id: customerId })
    .orderBy('created_at', 'desc')
    .limit(100);
}

/** Of a Stripe customer, linked or not: the newest that nobody disputed or refunded yet. */
export async function listActionableWarnings(sql: Sql, stripeCustomerId: string): Promise<FraudWarningRow[]> {
  return sql<FraudWarningRow>('early_fraud_warnings')
    .where({ stripe_customer_id: stripeCustomerId, is_actionable: 1 })
    .orderBy('created_at', 'desc')
    .limit(3);
}

export async function upsertFraudWarning(sql: Sql, facts: FraudWarningFacts): Promise<void> {
  await sql('early_fraud_warnings').insert(facts).onConflict('id').merge(facts);
}

/** What the card shows has changed. */
export async function touchFraudWarning(sql: Sql, id: string): Promise<void> {
  await sql('early_fraud_warnings')
    .where({ id })
    .update({ version: sql.raw('version + 1') });
}
