import type { Sql } from '#db/connection.ts';
import { findEntryByKey } from '#db/credit-entries.ts';
import { sumGrantedForRunningPeriods } from '#db/credit-lots.ts';
import { findPayment, insertPaymentIfNew, type PaymentRow, updatePayment } from '#db/payments.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { grantCredits } from '#src/credits/grant.ts';
import { openAccount } from '#src/credits/post-entry.ts';
import { settlePayment } from '#src/credits/settle.ts';
import { asBooked } from './as-booked.ts';
import { creditsOfPayment, type LineCredits } from './credits-of-payment.ts';
import { readLostAmount } from './losses.ts';
import type { PaymentTruth } from './payment-truth.ts';

export type PaymentContext = {
  settings: Settings;
  mode: string;
  customerId: string;
  /** Payments before this moment granted elsewhere (DESIGN section 10: going live). */
  creditsSince: number;
  periodMsOf(subscriptionId: string): number | null;
  endedAtOf(subscriptionId: string): number | null;
};

export type PaymentEffect = {
  granted: number;
  moved: number;
  debtMoved: number;
  isPaidAfterCancel: boolean;
  /** By how much more, or less, the cardholder's bank keeps of it; in minor units. */
  lostMoved: number;
};

/**
 * Brings the ledger in line with what Stripe says of one payment: grants each line once, then settles refunds to
 * their target. Everything is keyed on the payment and its lines, so any event, in any order, any number of times,
 * comes to the same.
 */
export async function applyPayment(
  sql: Sql,
  cause: Cause,
  context: PaymentContext,
  said: PaymentTruth,
): Promise<PaymentEffect> {
  const truth = await asBooked(sql, said);
  // Whoever it was first booked for keeps it: a Stripe customer that was linked anew does not move old money.
  const ownerId = (await openPayment(sql, cause, context, truth)).customer_id ?? context.customerId;
  // Holding the account keeps a member of staff who reverses one of its lots out until this is done.
  await openAccount(sql, cause, ownerId);
  // Read again now that it is held: the first reading only said whose it is.
  const row = await readPayment(sql, truth.id);
  const isPaidAfterCancel = wasPaidAfterCancel(context, truth);
  const isTheirs = ownerId === context.customerId;
  const mayGrant =
    isTheirs && truth.status === 'paid' && !isPaidAfterCancel && (truth.paidAt ?? 0) >= context.creditsSince;
  const lines = mayGrant ? creditsOfPayment(context.settings, truth, context.periodMsOf) : [];
  let granted = 0;
  for (const line of lines) granted += await grantLine(sql, cause, context, truth, line);
  const current: PaymentRow = {
    ...row,
    subscription_id: truth.subscriptionId ?? row.subscription_id,
    payment_intent_id: truth.paymentIntentId ?? row.payment_intent_id,
    charge_id: truth.chargeId ?? row.charge_id,
    status: truth.status,
    billing_reason: truth.billingReason ?? row.billing_reason,
    currency: truth.currency ?? row.currency,
    amount_paid: Math.max(truth.amountPaid, row.amount_paid),
    amount_refunded: truth.amountRefunded ?? row.amount_refunded,
    paid_at: truth.paidAt ?? row.paid_at,
    credits_granted: row.credits_granted + granted,
    fetched_at: cause.now,
  };
  current.amount_lost = await readLostAmount(sql, current);
  const lostMoved = current.amount_lost - row.amount_lost;
  await updatePayment(sql, row.id, current);
  const { moved, debtMoved } = await settlePayment(
    sql,
    { ...cause, reason: settleReason(truth, lostMoved) },
    ownerId,
    current,
  );
  return { granted, moved, debtMoved, isPaidAfterCancel, lostMoved };
}

async function openPayment(
  sql: Sql,
  cause: Cause,
  context: PaymentContext,
  truth: PaymentTruth,
): Promise<PaymentRow> {
  await insertPaymentIfNew(sql, {
    id: truth.id,
    mode: context.mode,
    stripe_customer_id: truth.stripeCustomerId,
    customer_id: context.customerId,
    subscription_id: truth.subscriptionId,
    payment_intent_id: truth.paymentIntentId,
    charge_id: truth.chargeId,
    status: truth.status,
    billing_reason: truth.billingReason,
    currency: truth.currency,
    amount_paid: truth.amountPaid,
    amount_refunded: 0,
    amount_lost: 0,
    paid_at: truth.paidAt,
    credits_granted: 0,
    credits_reversed: 0,
    credits_debt: 0,
    credits_staff_reversed: 0,
    credits_staff_extra: 0,
    credits_lapsed: 0,
    settle_seq: 0,
    fetched_at: cause.now,
  });
  return readPayment(sql, truth.id);
}

async function readPayment(sql: Sql, id: string): Promise<PaymentRow> {
  const row = await findPayment(sql, id);
  if (!row) throw new Error(`Payment ${id} vanished`);
  return row;
}

/** Of the ledger entry that grants a line of a payment. */
export function grantKeyOf({ id }: Pick<PaymentTruth, 'id'>, lineId: string): string {
  return `${id.startsWith('in_') ? 'inv' : 'pi'}:${id}:${lineId}:grant`;
}

async function grantLine(
  sql: Sql,
  cause: Cause,
  context: PaymentContext,
  truth: PaymentTruth,
  line: LineCredits,
): Promise<number> {
  const key = grantKeyOf(truth, line.lineId);
  // Already granted, whatever the plan map or the cap says by now.
  if (await findEntryByKey(sql, key)) return 0;
  const amount = await withinCap(sql, line);
  if (amount <= 0) return 0;
  const { entry } = await grantCredits(
    sql,
    { ...cause, reason: `Paid ${truth.id}` },
    {
      customerId: context.customerId,
      amount,
      key,
      sourceKind: 'payment',
      sourceId: `${truth.id}:${line.lineId}`,
      payment: { paymentId: truth.id, subscriptionId: line.subscriptionId, periodEnd: line.periodEnd },
      expiresAt: line.expiresAt,
    },
  );
  if (line.expiresAt !== null) {
    await setTimer(sql, cause.now, {
      kind: 'lot_expiry',
      subject: `${context.customerId}:${entry.id}`,
      dueAt: line.expiresAt,
    });
  }
  return amount;
}

/** Switching down and up again within a period must not bring more than one allotment of the period. */
async function withinCap(sql: Sql, line: LineCredits): Promise<number> {
  if (line.periodCap === null || line.subscriptionId === null) return line.credits;
  const { credits, from } = line.periodCap;
  return Math.min(
    line.credits,
    credits - (await sumGrantedForRunningPeriods(sql, line.subscriptionId, from)),
  );
}

function wasPaidAfterCancel(context: PaymentContext, truth: PaymentTruth): boolean {
  if (truth.status !== 'paid' || !truth.subscriptionId || truth.paidAt === null) return false;
  const endedAt = context.endedAtOf(truth.subscriptionId);
  return endedAt !== null && truth.paidAt > endedAt;
}

function settleReason(truth: PaymentTruth, lostMoved: number): string {
  if (lostMoved > 0) return `A dispute of ${truth.id} was lost`;
  if (lostMoved < 0) return `A dispute of ${truth.id} that was lost is not any more`;
  return truth.status === 'void' ? `Invoice ${truth.id} was voided` : `Refunds of ${truth.id} at Stripe`;
}
