import { buildDisputeTransaction } from '../objects/balance-transaction.ts';
import { buildDispute, type Dispute, type EvidenceField } from '../objects/dispute.ts';
import type { Core } from './core.ts';
import { settleWarnings } from './fraud-warning.ts';
import { requireRow } from './require.ts';

/** What Stripe keeps for a formal dispute in the United States. */
const disputeFee = 1_500;

export type NewDispute = {
  /** An inquiry takes no money yet, and its charge can still be refunded. */
  inquiry?: boolean;
  amount?: number;
  reason?: string;
  dueInDays?: number;
};

/** The cardholder disputes a charge: https://docs.stripe.com/disputes/how-disputes-work */
export function openDispute(core: Core, chargeId: string, options: NewDispute = {}): Dispute {
  const charge = requireRow(core.tables.charges, 'charge', chargeId);
  const dispute = buildDispute({
    id: core.newId('dispute'),
    amount: options.amount ?? charge.amount,
    charge: charge.id,
    created: core.now(),
    currency: charge.currency,
    customerEmail: charge.billing_details.email,
    customerName: charge.billing_details.name,
    dueBy: core.now() + (options.dueInDays ?? 9) * 86_400,
    inquiry: options.inquiry ?? false,
    livemode: core.livemode,
    payment_intent: charge.payment_intent,
    reason: options.reason ?? 'fraudulent',
  });
  core.tables.disputes.add(dispute);
  charge.disputed = true;
  // Stripe's own event shows the withdrawal already, and tells of it after that.
  if (!options.inquiry) withdraw(core, dispute);
  core.emit('charge.dispute.created', dispute);
  settleWarnings(core, charge.id);
  if (!options.inquiry) core.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** An inquiry becomes a formal dispute: now the money goes. */
export function escalateInquiry(core: Core, disputeId: string): Dispute {
  const dispute = requireRow(core.tables.disputes, 'dispute', disputeId);
  core.change('charge.dispute.updated', dispute, () => {
    dispute.status = 'needs_response';
    dispute.is_charge_refundable = false;
    dispute.payment_method_details.card.case_type = 'chargeback';
  });
  withdraw(core, dispute);
  core.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** Evidence is added, and sent unless it is only staged: https://docs.stripe.com/api/disputes/update */
export function answerDispute(
  core: Core,
  disputeId: string,
  evidence: Partial<Record<EvidenceField, string | null>>,
  submit = true,
): Dispute {
  const dispute = requireRow(core.tables.disputes, 'dispute', disputeId);
  core.change('charge.dispute.updated', dispute, () => {
    Object.assign(dispute.evidence, evidence);
    if (Object.keys(evidence).length > 0) dispute.evidence_details.has_evidence = true;
    if (!submit) return;
    dispute.status = dispute.status.startsWith('warning') ? 'warning_under_review' : 'under_review';
    dispute.evidence_details.submission_count += 1;
    dispute.evidence_details.submission_method = 'manual';
  });
  return dispute;
}

export type DisputeOutcome = 'lost' | 'prevented' | 'warning_closed' | 'won';

/** The bank decides. Only a formal dispute that is won brings the money back. */
export function closeDispute(core: Core, disputeId: string, outcome: DisputeOutcome): Dispute {
  const dispute = requireRow(core.tables.disputes, 'dispute', disputeId);
  const before = dispute.status;
  dispute.status = outcome;
  if (outcome === 'won' || outcome === 'warning_closed') dispute.is_charge_refundable = true;
  if (outcome === 'won') reinstate(core, dispute);
  core.emit('charge.dispute.closed', dispute, { status: before });
  return dispute;
}

/**
 * A full refund resolves an inquiry; the bank closes it a while later, unless the refund failed or the money was taken
 * meanwhile: https://docs.stripe.com/disputes/how-disputes-work#inquiries
 */
export function closeRefundedInquiries(core: Core, chargeId: string): void {
  if (!core.tables.charges.get(chargeId)?.refunded) return;
  for (const { id, status } of core.tables.disputes.of(chargeId))
    if (status.startsWith('warning_') && status !== 'warning_closed')
      closeDispute(core, id, 'warning_closed');
}

function withdraw(core: Core, dispute: Dispute): void {
  addTransaction(core, dispute, -dispute.amount, disputeFee);
}

function reinstate(core: Core, dispute: Dispute): void {
  addTransaction(core, dispute, dispute.amount, 0);
  core.emit('charge.dispute.funds_reinstated', dispute);
}

function addTransaction(core: Core, dispute: Dispute, amount: number, fee: number): void {
  dispute.balance_transactions.push(
    buildDisputeTransaction({
      id: core.newId('balanceTransaction'),
      amount,
      charge: dispute.charge,
      created: core.now(),
      currency: dispute.currency,
      fee,
      source: dispute.id,
    }),
  );
}
