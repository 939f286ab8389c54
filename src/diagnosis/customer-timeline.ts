import type { ApprovalRow } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { listNewestOf, type Span } from '#db/customer-history.ts';
import { listLinks } from '#db/customer-links.ts';
import type { FindingRow } from '#db/findings.ts';
import type { GracePeriodRow } from '#db/grace-periods.ts';
import type { PaymentRow } from '#db/payments.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { answerOf, neededWords } from '#src/approvals/answered.ts';
import { formatUtc, MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { describeEffect } from '#src/stripe-effects/describe-effect.ts';
import { readBankMoments } from './dispute-moments.ts';
import {
  type Moment,
  momentOfAudit,
  momentOfChange,
  momentOfEntry,
  momentOfEvent,
  momentOfRun,
} from './timeline.ts';

/** Something that happened at Stripe, or with us. */
export type SidedMoment = Omit<Moment, 'correlationId'> & {
  side: 'stripe' | 'lucy';
  correlationId: string | null;
};

/** A webhook that comes later than this was late. */
const LATE_MS = 2 * MINUTE_MS;

/**
 * Everything of one customer between two moments, newest last. Of each kind no more than the newest are read, however
 * much there is.
 *
 * @returns at most `span.limit` moments, and whether there are older ones
 */
export async function readCustomerTimeline(
  sql: Sql,
  customerId: string,
  span: Span,
): Promise<{ moments: SidedMoment[]; hasMore: boolean }> {
  const wide = { ...span, limit: span.limit + 1 };
  const moments = [...(await stripeSide(sql, customerId, wide)), ...(await ourSide(sql, customerId, wide))]
    .filter(({ at }) => at >= span.from && at <= span.to)
    // Sorting is stable: of one moment, what Stripe said stands before what we made of it.
    .sort((a, b) => a.at - b.at);
  return { moments: moments.slice(-span.limit), hasMore: moments.length > span.limit };
}

async function stripeSide(sql: Sql, customerId: string, span: Span): Promise<SidedMoment[]> {
  const links = (await listLinks(sql, customerId)).map((link) => link.stripe_customer_id);
  return [
    ...(await listNewestOf(sql, 'stripe_events', links, span)).map(momentAtStripe),
    ...(await listNewestOf(sql, 'payments', [customerId], span)).map(momentOfPayment),
    ...(await readBankMoments(sql, customerId)),
  ].map((moment) => ({ ...moment, side: 'stripe' }));
}

async function ourSide(sql: Sql, customerId: string, span: Span): Promise<SidedMoment[]> {
  const account = await findAccount(sql, customerId);
  const owner = [customerId];
  const audit = await listNewestOf(sql, 'audit_events', owner, span);
  const audited = new Set(audit.map((row) => row.run_id));
  const runs = await listNewestOf(sql, 'runs', owner, span);
  return [
    // A run that was carried out has its audit row, which says the same.
    ...runs.filter((run) => !audited.has(run.id)).map(momentOfRun),
    ...(await listNewestOf(sql, 'approvals', owner, span)).flatMap(momentsOfApproval),
    // That somebody was asked stands with the approval.
    ...audit.filter((row) => row.command !== 'approval ask').map(momentOfAudit),
    ...(await listNewestOf(sql, 'stripe_effects', owner, span)).map(momentOfEffect),
    ...(account ? await listNewestOf(sql, 'credit_entries', [account.id], span) : []).map(momentOfEntry),
    ...(await listNewestOf(sql, 'entitlement_changes', owner, span)).map(momentOfChange),
    ...(await listNewestOf(sql, 'grace_periods', owner, span)).flatMap(momentsOfGrace),
    ...(await listNewestOf(sql, 'findings', owner, span)).flatMap(momentsOfFinding),
  ].map((moment) => ({ ...moment, side: 'lucy' }));
}

/** At the second at which it happened there; how it came to us follows. */
function momentAtStripe(event: StripeEventRow): Moment {
  const lateMs = event.received_at - event.created_at;
  const late = lateMs > LATE_MS ? ` It came ${spanWords(lateMs)} later.` : '';
  const moment = momentOfEvent(event);
  return { ...moment, at: event.created_at, sentence: `${moment.sentence}${late}` };
}

function momentOfPayment(payment: PaymentRow): Omit<SidedMoment, 'side'> {
  const { currency } = payment;
  const money = (amount: number) => (currency ? formatMoney(amount, currency) : String(amount));
  const back =
    payment.amount_refunded > 0
      ? ` ${money(payment.amount_refunded)} of it went back since, with ${counted(payment.credits_reversed, 'credit')}.`
      : '';
  return {
    at: payment.paid_at ?? payment.fetched_at,
    kind: 'payment',
    id: payment.id,
    correlationId: null,
    sentence: `${money(payment.amount_paid)} paid, which brought ${counted(payment.credits_granted, 'credit')}.${back}`,
  };
}

function momentsOfApproval(approval: ApprovalRow): Moment[] {
  const common = { kind: 'approval', id: approval.id, correlationId: approval.correlation_id };
  const answer = answerOf(approval);
  const asked = {
    ...common,
    at: approval.created_at,
    sentence: `${approval.requester_name} asked for “${approval.command}”, which needs ${neededWords(approval)}.`,
  };
  if (!answer || approval.decided_at === null) return [asked];
  const ended = `${approval.requester_name}’s “${approval.command}”: ${answer}`;
  return [asked, { ...common, at: approval.decided_at, sentence: ended }];
}

function momentOfEffect(effect: StripeEffectRow): Moment {
  return {
    at: effect.ended_at ?? effect.sent_at ?? effect.created_at,
    kind: 'effect',
    id: effect.object_id ?? effect.id,
    correlationId: effect.correlation_id,
    sentence: describeEffect(effect),
  };
}

function momentsOfGrace(grace: GracePeriodRow): Omit<SidedMoment, 'side'>[] {
  const common = { kind: 'grace', id: grace.id, correlationId: null };
  const began = `${grace.invoice_id} was not paid: access goes on until ${formatUtc(grace.deadline_at)}.`;
  const ended = { open: '', recovered: 'was paid', expired: 'ran out', waived: 'was waived' }[grace.state];
  return [
    { ...common, at: grace.started_at, sentence: began },
    ...(grace.closed_at === null
      ? []
      : [{ ...common, at: grace.closed_at, sentence: `The grace of ${grace.invoice_id} ${ended}.` }]),
  ];
}

function momentsOfFinding(finding: FindingRow): Moment[] {
  const common = { kind: 'finding', id: finding.id, correlationId: finding.correlation_id };
  return [
    { ...common, at: finding.opened_at, sentence: `Lucy noticed: ${finding.summary}` },
    ...(finding.closed_at === null
      ? []
      : [{ ...common, at: finding.closed_at, sentence: `No longer so: ${finding.summary}` }]),
  ];
}
