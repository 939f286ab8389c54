import { DAY_MS, formatUtc, HOUR_MS, isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { csvLine } from '#src/replies/csv.ts';
import type { Fact, Reply, ReplyButton, Section } from '#src/replies/reply.ts';
import type { Case } from './case.ts';
import { reasonName, reasonWords } from './reasons.ts';
import { holdsMoney, isInAppeal, isOver, needsAnswer, statusWords, takesAnswer } from './status.ts';

/** A dispute for whoever decides: what it is, how long there is, both sides' records, and only the right buttons. */
export function describeDispute(shown: Case, now: number, rows: number): Reply {
  const { dispute, moments } = shown;
  return {
    tone: isOver(dispute.status) ? (dispute.status === 'lost' ? 'warning' : 'done') : 'warning',
    title: titleOf(shown),
    facts: [...whoFacts(shown), ...whatFacts(shown, now), ...ourFacts(shown)],
    sections: [sideSection(shown, rows)],
    ...(moments.length > rows
      ? { hint: `The earlier ones, and all as a file: dispute show ${dispute.id} --csv` }
      : {}),
    buttons: buttonsOf(shown, now),
    json: jsonOf(shown),
  };
}

function titleOf({ dispute, customer }: Case): string {
  const money = formatMoney(dispute.amount, dispute.currency);
  const who = customer?.email ?? dispute.stripe_customer_id ?? 'An unknown customer';
  const ended: Record<string, string> = {
    won: `The dispute of ${who} over ${money} is won.`,
    lost: `The dispute of ${who} over ${money} is lost.`,
    prevented: `A dispute of ${who} over ${money} was settled before it began.`,
    warning_closed: `The bank’s inquiry about ${money} of ${who} is closed; nothing was taken.`,
  };
  return (
    ended[dispute.status] ??
    (dispute.phase === 'inquiry'
      ? `The bank inquires about ${money} that ${who} paid; no money has moved.`
      : `${who} disputes ${money}, and the bank has taken it for now.`)
  );
}

function whoFacts({ dispute, customer, entitlement, isLocked }: Case): Fact[] {
  if (!customer) {
    const id = dispute.stripe_customer_id;
    return [
      {
        label: 'Customer',
        value: id
          ? `Linked to nobody of ours. Check whose ${id} is, then: customer link EMAIL ${id}`
          : 'The payment has no customer at Stripe',
      },
    ];
  }
  return [
    { label: 'Customer', value: customer.email },
    { label: 'Tier', value: entitlement?.tier ?? 'none' },
    { label: 'Access', value: isLocked ? 'locked for fraud' : (entitlement?.access ?? 'full') },
  ];
}

function whatFacts({ dispute, payment }: Case, now: number): Fact[] {
  const { claim, evidence } = reasonWords(dispute.reason);
  const of =
    payment?.currency && payment.amount_paid !== dispute.amount
      ? ` of ${formatMoney(payment.amount_paid, payment.currency)}`
      : '';
  const network = [dispute.network, dispute.network_reason_code].filter(Boolean).join(' ');
  const isOpen = !isOver(dispute.status);
  return [
    { label: 'Amount', value: `${formatMoney(dispute.amount, dispute.currency)}${of}` },
    { label: 'Kind', value: kindWords(dispute) },
    { label: 'Stands', value: statusWords(dispute.status) },
    { label: 'Claim', value: `${claim} (${reasonName(dispute.reason)}${network ? `, ${network}` : ''})` },
    ...(isOpen ? [{ label: 'What wins', value: evidence }] : []),
    ...(isOpen && needsAnswer(dispute.status) ? deadline(dispute.due_by, now) : []),
    ...(isInAppeal(dispute.status) && needsAnswer(dispute.status)
      ? [{ label: 'Answer', value: 'In Stripe’s dashboard: appeals are answered there' }]
      : []),
    { label: 'Dispute', value: { code: dispute.id } },
    { label: 'Charge', value: { code: dispute.charge_id } },
  ];
}

function kindWords({ phase, is_charge_refundable, status }: Case['dispute']): string {
  if (phase === 'inquiry')
    return 'Inquiry: the bank only asks, and a full refund ends it. Nothing is frozen.';
  if (isOver(status)) return 'Formal dispute';
  return is_charge_refundable
    ? 'Formal dispute, though Stripe still takes a refund'
    : 'Formal dispute: the bank holds the money, so it cannot be refunded; accept it or contest it.';
}

function deadline(dueBy: number | null, now: number): Fact[] {
  if (dueBy === null) return [{ label: 'Answer by', value: 'The bank takes no evidence' }];
  return [
    { label: 'Answer by', value: { at: dueBy } },
    { label: 'Left', value: dueBy > now ? leftWords(dueBy - now) : 'Nothing: the deadline has passed' },
  ];
}

/** `8 days`, and hours in the last two days; rounded down, for nobody should believe to have longer. */
export function leftWords(ms: number): string {
  if (ms >= 2 * DAY_MS) return counted(Math.floor(ms / DAY_MS), 'day');
  return ms < HOUR_MS ? 'less than an hour' : counted(Math.floor(ms / HOUR_MS), 'hour');
}

function ourFacts({ dispute, credits, use, bundle, isPreserving }: Case): Fact[] {
  const facts: Fact[] = [];
  if (credits.granted > 0) {
    const isAll = credits.frozen === credits.left;
    const frozen = credits.frozen > 0 ? `, ${isAll ? 'all' : credits.frozen} of them frozen` : '';
    facts.push({
      label: 'Credits',
      value: `${counted(credits.granted, 'credit')} came with the payment; ${credits.left} are left${frozen}`,
    });
  }
  if (use) {
    const last = Math.max(use.lastReportAt ?? 0, use.lastCallAt ?? 0);
    facts.push({
      label: 'Used since then',
      value: `${counted(use.reports, 'report')}, ${counted(use.calls, 'AI call')}, ${counted(use.credits, 'credit')}${last > 0 ? `; last on ${formatUtc(last)}` : ''}`,
    });
  }
  if (isPreserving)
    facts.push({ label: 'Evidence', value: 'Being preserved; nothing of it is pruned from now on' });
  if (bundle)
    facts.push({ label: 'Evidence', value: `Preserved: bundle sha256 ${bundle.sha256}, under legal hold` });
  if (dispute.decision)
    facts.push({ label: 'Decided', value: `${dispute.decision}, by ${dispute.decided_by ?? 'somebody'}` });
  return facts;
}

function sideSection({ moments }: Case, rows: number): Section {
  return {
    heading: moments.length > rows ? `The last ${rows} of ${moments.length} records` : 'Both sides’ records',
    table: {
      columns: ['When', 'At Stripe', 'With us'],
      rows: moments
        .slice(-rows)
        .map(({ at, side, sentence }) => [
          { at },
          side === 'stripe' ? sentence : '',
          side === 'lucy' ? sentence : '',
        ]),
    },
    empty: 'Nothing is known of this payment.',
  };
}

/** Only what can still be done, and nothing twice: what was decided is not decided again. */
function buttonsOf(
  { dispute, customer, isLocked }: Pick<Case, 'dispute' | 'customer' | 'isLocked'>,
  now: number,
): ReplyButton[] {
  const { id, status, due_by: due, decision } = dispute;
  const line = (label: string, text: string): ReplyButton => ({ kind: 'command', label, line: text });
  const show = line('Show', `dispute show ${id}`);
  if (!takesAnswer(status) || decision !== null) return [show];
  // A full refund ends an inquiry, and a formal one can be given up, however late it is.
  // Accepting is a refund then, and until a fraud lock ends none is made.
  const paysBack = !holdsMoney(dispute) || dispute.is_charge_refundable === 1;
  const takesEvidence = due !== null && due > now;
  return [
    ...(isLocked && paysBack
      ? []
      : [line(holdsMoney(dispute) ? 'Accept' : 'Refund', `dispute accept ${id}`)]),
    ...(takesEvidence ? [line('Contest', `dispute contest ${id}`)] : []),
    ...(customer ? [line('Fraud', `dispute fraud ${id}`)] : []),
    show,
  ];
}

export function sideBySideCsv({ moments }: Case): string {
  const lines = moments.map(({ at, side, sentence }) => csvLine([isoTime(at), side, sentence]));
  return [csvLine(['at', 'side', 'what']), ...lines].join('');
}

function jsonOf({ dispute, customer, entitlement, isLocked, credits, use, moments }: Case) {
  return {
    id: dispute.id,
    status: dispute.status,
    phase: dispute.phase,
    reason: dispute.reason,
    amountMinor: dispute.amount,
    currency: dispute.currency,
    charge: dispute.charge_id,
    paymentIntent: dispute.payment_intent_id,
    payment: dispute.payment_id,
    stripeCustomer: dispute.stripe_customer_id,
    customer: customer?.email ?? null,
    tier: entitlement?.tier ?? null,
    access: isLocked ? 'locked' : (entitlement?.access ?? null),
    dueBy: dispute.due_by === null ? null : isoTime(dispute.due_by),
    isChargeRefundable: dispute.is_charge_refundable === 1,
    hasEvidence: dispute.has_evidence === 1,
    submissions: dispute.submission_count,
    openedAt: isoTime(dispute.opened_at),
    closedAt: dispute.closed_at === null ? null : isoTime(dispute.closed_at),
    decision: dispute.decision,
    decidedBy: dispute.decided_by,
    credits,
    use,
    asOf: isoTime(dispute.fetched_at),
    timeline: moments.map((moment) => ({ ...moment, at: isoTime(moment.at) })),
  };
}
