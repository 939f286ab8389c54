import { table } from '../table-rule.ts';

const ofAccount = [['account_id', 'credit_accounts.id']] as const;

/** Credits, payments, grace and what is done about them. Amounts and times stay. */
export const moneyTables = {
  credit_accounts: table('customer', { id: 'id customer_id', keep: 'balance held debt next_seq' }),
  credit_lots: table(ofAccount, {
    id: 'id account_id source_id payment_id subscription_id',
    keep: 'source_kind period_end granted remaining priority expires_at frozen_at created_at',
  }),
  credit_entries: table(ofAccount, {
    id: 'id account_id idempotency_key source_id reversal_of actor correlation_id lot_id audit_id',
    foreign: 'ticket',
    word: 'source_kind',
    hash: 'fingerprint asked',
    text: 'reason',
    keep: 'seq type amount balance_after at',
  }),
  credit_allocations: table([['entry_id', 'credit_entries.id']], { id: 'entry_id lot_id', keep: 'amount' }),
  credit_holds: table(ofAccount, {
    id: 'id account_id entry_id actor correlation_id',
    text: 'reason',
    keep: 'amount covered state asked settled expires_at created_at ended_at',
  }),
  payments: table('customer', {
    id: 'id stripe_customer_id customer_id subscription_id payment_intent_id charge_id',
    mode: 'mode',
    word: 'status billing_reason',
    currency: 'currency',
    keep: 'amount_paid amount_refunded paid_at credits_granted credits_reversed credits_debt credits_staff_reversed credits_staff_extra settle_seq fetched_at credits_lapsed amount_lost',
  }),
  payment_asks: table([['payment_id', 'payments.id']], {
    id: 'payment_id stripe_customer_id session_id',
    keep: 'asked_at',
  }),
  grace_periods: table('customer', {
    id: 'id invoice_id subscription_id customer_id',
    keep: 'started_at deadline_at state closed_at first_deadline_at',
  }),
  mails: table('customer', {
    id: 'id dedupe_key grace_id customer_id lease_token correlation_id',
    text: 'error',
    keep: 'stage state attempts next_attempt_at lease_until created_at ended_at',
  }),
  disputes: table('customer', {
    id: 'id stripe_customer_id customer_id payment_id charge_id payment_intent_id decided_run decided_by',
    plain: 'network_reason_code',
    mode: 'mode',
    word: 'reason status network case_type',
    currency: 'currency',
    keep: 'amount phase due_by is_charge_refundable has_evidence submission_count lost_amount opened_at closed_at refunded_at fetched_at version counted_at decision decided_at',
  }),
  dispute_steps: table([['dispute_id', 'disputes.id']], { id: 'dispute_id', word: 'status', keep: 'seq at' }),
  early_fraud_warnings: table('customer', {
    id: 'id charge_id payment_intent_id stripe_customer_id customer_id',
    mode: 'mode',
    word: 'fraud_type',
    currency: 'currency',
    keep: 'is_actionable amount amount_refunded created_at fetched_at version',
  }),
  // Bundles and documents are the customer's data from end to end; only that they exist is kept.
  evidence_bundles: table('customer', {
    id: 'id customer_id dispute_id actor correlation_id',
    blank: 'manifest',
    hash: 'sha256',
    text: 'reason',
    keep: 'cause legal_hold created_at',
  }),
  evidence_orders: table('customer', {
    id: 'id customer_id dispute_id actor correlation_id',
    text: 'actor_name reason',
    keep: 'cause created_at done_at',
  }),
  evidence_parts: table([['bundle_id', 'evidence_bundles.id']], {
    id: 'bundle_id name',
    blank: 'content',
    keep: 'seq',
  }),
  evidence_documents: table('customer', {
    id: 'run_id dispute_id customer_id name correlation_id',
    blank: 'content fields',
    hash: 'sha256',
    keep: 'created_at',
  }),
};
