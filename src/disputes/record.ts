import type { Sql } from '#db/connection.ts';
import {
  type DisputeFacts,
  type DisputeRow,
  findDispute,
  insertDisputeStep,
  listDisputeSteps,
  upsertDispute,
  withdrawDecision,
} from '#db/disputes.ts';
import { type FraudWarningFacts, findFraudWarning, upsertFraudWarning } from '#db/fraud-warnings.ts';
import { findPayment, findPaymentByAnyId, type PaymentRow } from '#db/payments.ts';
import { isOver } from '#src/gateways/stripe-dispute-status.ts';
import type { FetchedCases, PairedDispute } from './fetch.ts';
import { phaseOf } from './status.ts';

/** Whose the charges are: at Stripe, and, once linked, with us. */
export type CaseOwner = { mode: string; stripeCustomerId: string | null; customerId: string | null };

/** What changed, for the cards. */
export type CaseNews = { disputeIds: Set<string>; warningIds: Set<string> };

/** Writes down what Stripe says of disputes and warnings now; the same again changes nothing. */
export async function recordCases(
  sql: Sql,
  owner: CaseOwner,
  fetched: FetchedCases,
  now: number,
): Promise<CaseNews> {
  const news: CaseNews = { disputeIds: new Set(), warningIds: new Set() };
  for (const dispute of fetched.disputes)
    if (await recordDispute(sql, owner, dispute, now)) news.disputeIds.add(dispute.id);
  for (const { warning, charge } of fetched.warnings) {
    const facts: FraudWarningFacts = {
      id: warning.id,
      mode: owner.mode,
      charge_id: warning.chargeId,
      payment_intent_id: warning.paymentIntentId,
      stripe_customer_id: owner.stripeCustomerId,
      customer_id: owner.customerId,
      fraud_type: warning.fraudType,
      is_actionable: warning.isActionable ? 1 : 0,
      amount: charge.amount,
      currency: charge.currency,
      amount_refunded: charge.amountRefunded,
      created_at: warning.createdAt,
      fetched_at: now,
    };
    const known = await findFraudWarning(sql, warning.id);
    await upsertFraudWarning(sql, facts);
    if (!known || differs(known, facts)) news.warningIds.add(warning.id);
  }
  return news;
}

/** The same for one of them; true when that is news. */
export async function recordDispute(
  sql: Sql,
  owner: CaseOwner,
  dispute: PairedDispute,
  now: number,
): Promise<boolean> {
  const known = await findDispute(sql, dispute.id);
  const facts = await factsOf(sql, owner, dispute, known, now);
  await upsertDispute(sql, facts);
  if (known?.status !== facts.status) await recordStep(sql, facts, now);
  // What was decided was the answer to a question; the dispute that it became wants one of its own.
  if (known?.decided_run && known.phase === 'inquiry' && facts.phase === 'dispute')
    await withdrawDecision(sql, facts.id, known.decided_run);
  return !known || differs(known, facts);
}

/** A dispute as it stands at Stripe, as a row of ours. */
export async function factsOf(
  sql: Sql,
  owner: CaseOwner,
  dispute: PairedDispute,
  known: DisputeRow | undefined,
  now: number,
): Promise<DisputeFacts> {
  const payment = await findPaymentOf(sql, dispute, known);
  return {
    id: dispute.id,
    mode: owner.mode,
    stripe_customer_id: owner.stripeCustomerId,
    // Old money stays with whom it was booked for, whoever the Stripe customer is linked to by now.
    customer_id: payment?.customer_id ?? owner.customerId,
    payment_id: payment?.id ?? known?.payment_id ?? null,
    charge_id: dispute.chargeId,
    payment_intent_id: dispute.paymentIntentId,
    amount: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    phase: phaseOf(dispute.status),
    due_by: dispute.dueBy,
    is_charge_refundable: dispute.isChargeRefundable ? 1 : 0,
    has_evidence: dispute.hasEvidence ? 1 : 0,
    submission_count: dispute.submissionCount,
    network: dispute.network,
    case_type: dispute.caseType,
    network_reason_code: dispute.networkReasonCode,
    lost_amount: dispute.status === 'lost' ? dispute.amount : 0,
    opened_at: dispute.createdAt,
    closed_at: isOver(dispute.status) ? (known?.closed_at ?? now) : null,
    fetched_at: now,
  };
}

/** An invoice may be paid by several payments, of which its row names one; Stripe pairs the others with it. */
async function findPaymentOf(
  sql: Sql,
  dispute: PairedDispute,
  known: DisputeRow | undefined,
): Promise<PaymentRow | undefined> {
  const booked = await findPaymentByAnyId(sql, dispute.paymentIntentId ?? dispute.chargeId);
  const paired = dispute.paymentId ?? known?.payment_id;
  return booked ?? (paired ? await findPayment(sql, paired) : undefined);
}

/** The first one stands at the moment at which it was opened, unless it was over when it was first heard of. */
async function recordStep(sql: Sql, facts: DisputeFacts, now: number): Promise<void> {
  const seq = (await listDisputeSteps(sql, facts.id)).length + 1;
  const at = seq === 1 && facts.closed_at === null ? facts.opened_at : now;
  await insertDisputeStep(sql, { dispute_id: facts.id, seq, status: facts.status, at });
}

function differs<T extends object>(known: T, facts: Partial<Record<keyof T, unknown>>): boolean {
  return (Object.keys(facts) as (keyof T)[]).some((key) => key !== 'fetched_at' && facts[key] !== known[key]);
}
