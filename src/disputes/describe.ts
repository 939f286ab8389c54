import { formatUtc, isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { isOver } from '#src/gateways/stripe-dispute-status.ts';
import { csvLine } from '#src/replies/csv.ts';
import type { Reply, ReplyButton, Section } from '#src/replies/reply.ts';
import type { Case } from './case.ts';
import { ourFacts, whatFacts, whoFacts } from './case-facts.ts';
import { holdsMoney, settledAt, takesAnswer } from './status.ts';

/** A dispute for whoever decides: what it is, how long there is, both sides' records, and only the right buttons. */
export function describeDispute(shown: Case, now: number, rows: number): Reply {
  const { dispute, moments } = shown;
  return {
    tone: isAtRest(dispute) && dispute.status !== 'lost' ? 'done' : 'warning',
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

/** Nothing is asked of anybody: it is over, or the payment went back while the bank only asked. */
function isAtRest(dispute: Case['dispute']): boolean {
  return isOver(dispute.status) || settledAt(dispute) !== null;
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
  const refundedAt = settledAt(dispute);
  if (refundedAt !== null)
    return `The ${money} of ${who} that the bank inquired about was refunded on ${formatUtc(refundedAt)}: nothing more to do; the bank closes it by itself.`;
  return (
    ended[dispute.status] ??
    (dispute.phase === 'inquiry'
      ? `The bank inquires about ${money} that ${who} paid; no money has moved.`
      : `${who} disputes ${money}, and the bank has taken it for now.`)
  );
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
  const { id, due_by: due, decision } = dispute;
  const line = (label: string, text: string): ReplyButton => ({ kind: 'command', label, line: text });
  const show = line('Show', `dispute show ${id}`);
  if (!takesAnswer(dispute) || decision !== null) return [show];
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
    refundedAt: dispute.refunded_at === null ? null : isoTime(dispute.refunded_at),
    decision: dispute.decision,
    decidedBy: dispute.decided_by,
    credits,
    use,
    asOf: isoTime(dispute.fetched_at),
    timeline: moments.map((moment) => ({ ...moment, at: isoTime(moment.at) })),
  };
}
