import type { Sql } from '#db/connection.ts';
import { type CreditEntryRow, listEntriesOfPayment } from '#db/credit-entries.ts';
import { listNewestOf, type Span } from '#db/customer-history.ts';
import { listLinks } from '#db/customer-links.ts';
import { type CustomerLockRow, listCustomerLocks } from '#db/customer-locks.ts';
import { listReports, listUsageDays } from '#db/customer-use.ts';
import { type DisputeRow, listDisputeSteps } from '#db/disputes.ts';
import type { EntitlementChangeRow } from '#db/entitlements.ts';
import { listFraudWarningsOfCharge } from '#db/fraud-warnings.ts';
import type { PaymentRow } from '#db/payments.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { fraudWords, reasonName } from './reasons.ts';
import { phaseOf, statusWords } from './status.ts';

export type SideMoment = { at: number; side: 'stripe' | 'lucy'; sentence: string };

/** Playbook, disputes 1 and 2: Stripe's timeline beside our reports, counters and ledger; newest last. */
export async function readSideBySide(
  sql: Sql,
  dispute: DisputeRow,
  payment: PaymentRow | null,
  span: Span,
): Promise<SideMoment[]> {
  const moments = [
    ...(await atStripe(sql, dispute, span)),
    ...(dispute.customer_id ? await withUs(sql, dispute.customer_id, payment, span) : []),
  ];
  return moments
    .filter(({ at }) => at >= span.from && at <= span.to)
    .sort((a, b) => a.at - b.at)
    .slice(-span.limit);
}

async function atStripe(sql: Sql, dispute: DisputeRow, span: Span): Promise<SideMoment[]> {
  const links = dispute.customer_id ? await listLinks(sql, dispute.customer_id) : [];
  const ids = links.map((link) => link.stripe_customer_id);
  if (dispute.stripe_customer_id && !ids.includes(dispute.stripe_customer_id))
    ids.push(dispute.stripe_customer_id);
  const payments = dispute.customer_id
    ? await listNewestOf(sql, 'payments', [dispute.customer_id], span)
    : [];
  const warnings = await listFraudWarningsOfCharge(sql, dispute.charge_id);
  return [
    ...payments.map((row) => ({ at: row.paid_at ?? row.fetched_at, sentence: paidSentence(row, dispute) })),
    // Of one second, the dispute stands before what it brought.
    ...(await stepsOf(sql, dispute)),
    ...(await listNewestOf(sql, 'stripe_events', ids, span)).flatMap(momentOfEvent),
    ...warnings.map((row) => ({
      at: row.created_at,
      sentence: `Early fraud warning. ${fraudWords(row.fraud_type)}`,
    })),
  ].map((moment) => ({ ...moment, side: 'stripe' as const }));
}

function paidSentence(payment: PaymentRow, dispute: DisputeRow): string {
  const { currency } = payment;
  const money = (amount: number) => (currency ? formatMoney(amount, currency) : String(amount));
  const which = payment.id === dispute.payment_id ? ', now disputed' : '';
  const refunded = payment.amount_refunded > 0 ? `; ${money(payment.amount_refunded)} of it refunded` : '';
  return `${money(payment.amount_paid)} paid (${payment.id})${which}${refunded}.`;
}

/** What happened to subscriptions and refunds; who was told how often is not the bank's concern. */
const eventWords: Readonly<Record<string, string>> = {
  'customer.subscription.created': 'Subscription began',
  'customer.subscription.deleted': 'Subscription ended',
  'customer.subscription.paused': 'Subscription paused',
  'customer.subscription.resumed': 'Subscription runs again',
  'invoice.payment_failed': 'Payment failed',
  'refund.created': 'Refund made',
  'refund.failed': 'Refund failed',
  'charge.dispute.funds_withdrawn': 'The bank took the money',
  'charge.dispute.funds_reinstated': 'The bank gave the money back',
  'review.opened': 'Stripe holds the payment for a review',
  'review.closed': 'The review ended',
};

function momentOfEvent(event: StripeEventRow): Omit<SideMoment, 'side'>[] {
  const words = Object.hasOwn(eventWords, event.type) ? eventWords[event.type] : undefined;
  return words ? [{ at: event.created_at, sentence: `${words} (${event.object_id ?? event.id}).` }] : [];
}

async function stepsOf(sql: Sql, dispute: DisputeRow): Promise<Omit<SideMoment, 'side'>[]> {
  const steps = await listDisputeSteps(sql, dispute.id);
  const money = formatMoney(dispute.amount, dispute.currency);
  const first = steps[0]?.status ?? dispute.status;
  const began = phaseOf(first) === 'inquiry' ? 'The bank inquires about' : 'The cardholder disputes';
  return [
    { at: dispute.opened_at, sentence: `${began} ${money}: ${reasonName(dispute.reason)} (${dispute.id}).` },
    ...steps
      .filter(({ seq, at }) => seq > 1 || at > dispute.opened_at)
      .map(({ at, status }) => ({ at, sentence: `${statusWords(status)} (${dispute.id}).` })),
  ];
}

async function withUs(
  sql: Sql,
  customerId: string,
  payment: PaymentRow | null,
  span: Span,
): Promise<SideMoment[]> {
  const entries = payment ? await listEntriesOfPayment(sql, payment.id) : [];
  const reports = await listReports(sql, customerId, span);
  const days = await listUsageDays(sql, customerId, span);
  return [
    ...reports.map((row) => ({
      at: row.at,
      sentence: `${row.kind ? `Report “${row.kind}”` : 'Report'} (${row.report_id}).`,
    })),
    ...days.map((day) => ({
      at: day.lastAt,
      sentence: `${counted(day.calls, 'AI call')} that day, ${counted(day.credits, 'credit')}.`,
    })),
    ...entries.map((entry) => ({ at: entry.at, sentence: entrySentence(entry) })),
    ...(await listNewestOf(sql, 'entitlement_changes', [customerId], span)).map((change) => ({
      at: change.at,
      sentence: changeSentence(change),
    })),
    ...(await listCustomerLocks(sql, customerId)).flatMap(momentsOfLock),
  ].map(({ at, sentence }) => ({ at, sentence, side: 'lucy' }));
}

const entryWords: Readonly<Record<CreditEntryRow['type'], string>> = {
  grant: 'granted',
  spend: 'spent',
  expire: 'lapsed',
  reverse: 'taken back',
  reinstate: 'given back',
};

function entrySentence({ type, amount, balance_after: left, reason }: CreditEntryRow): string {
  const why = reason ? `: ${reason}` : '';
  return `${counted(Math.abs(amount), 'credit')} ${entryWords[type]}, which left ${left}${why}.`;
}

function changeSentence(change: EntitlementChangeRow): string {
  const moved = [
    change.from_tier === change.to_tier ? null : `Tier ${change.from_tier} → ${change.to_tier}`,
    change.from_access === change.to_access ? null : `Access ${change.from_access} → ${change.to_access}`,
  ];
  return `${moved.filter(Boolean).join(', ')}: ${change.reason}`;
}

function momentsOfLock(lock: CustomerLockRow): Omit<SideMoment, 'side'>[] {
  const began = { at: lock.locked_at, sentence: `Locked for fraud by ${lock.actor_name}: ${lock.reason}` };
  if (lock.ended_at === null) return [began];
  return [
    began,
    { at: lock.ended_at, sentence: `Unlocked by ${lock.ended_name ?? ''}: ${lock.ended_reason ?? ''}` },
  ];
}
