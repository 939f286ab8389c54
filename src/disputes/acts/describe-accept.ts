import { formatMoney } from '#src/core/money.ts';
import { creditsWords } from '#src/refunds/describe-refund.ts';
import { endingChange, goesOnWarning } from '#src/refunds/ending.ts';
import type { Change, Fact } from '#src/replies/reply.ts';
import { disputeFacts } from './describe-dispute.ts';
import type { Acceptance } from './plan-accept.ts';

/** `Accept the dispute … : the cardholder keeps $49.00`, or, of an inquiry, `Refund $49.00, which ends it`. */
export function acceptTitle({ how, money, customer, facts, ends, ending }: Acceptance): string {
  const andEnd = ends ? `, and end the subscription ${ending === 'now' ? 'now' : 'with its period'}` : '';
  const what =
    how === 'refund'
      ? `Refund ${money} to ${customer.email} and so end the bank’s inquiry ${facts.dispute.id}`
      : `Accept the dispute ${facts.dispute.id} of ${customer.email}: the cardholder keeps ${money}`;
  return `${what}${andEnd}`;
}

export function acceptChanges({ how, facts, standing, amount, money, ends, ending }: Acceptance): Change[] {
  const { dispute, paid } = facts;
  const { charge } = paid;
  const of = (refunded: number) =>
    `${formatMoney(refunded, charge.currency)} of ${formatMoney(charge.amount, charge.currency)}`;
  return [
    how === 'refund'
      ? { label: 'Refunded', before: of(standing.refunded), after: of(standing.refunded + amount) }
      : {
          label: 'Stands',
          before: dispute.status.replaceAll('_', ' '),
          after: `lost for good, ${money} stay with the cardholder`,
        },
    ...(ends ? [endingChange(ends, ending)] : []),
  ];
}

export function acceptFacts(acceptance: Acceptance): Fact[] {
  return [...disputeFacts(acceptance.facts), { label: 'Credits', value: creditsWords(acceptance.credits) }];
}

/** What whoever asks and whoever approves must not miss, the worst first. */
export function acceptWarnings(acceptance: Acceptance): string[] {
  const { how, facts, credits, ending } = acceptance;
  const { dispute, paid } = facts;
  return [
    paidTwiceWarning(acceptance),
    how === 'close'
      ? 'This cannot be taken back: after it the bank hears no evidence any more. No refund is sent, because the bank took the money already.'
      : null,
    how === 'refund' && dispute.amount < paid.charge.amount
      ? 'Only a part of the payment is inquired about, and a full refund is what ends an inquiry; to give back less: refund request.'
      : null,
    credits.debt > 0
      ? `${credits.debt.toLocaleString('en-US')} of the credits that go back are used up already; they become debt, and a finding.`
      : null,
    ending === 'no' ? goesOnWarning(paid.subscription, '--end-access') : null,
  ].filter((warning) => warning !== null);
}

function paidTwiceWarning({ how, facts, standing, amount, currency, money }: Acceptance): string | null {
  const { dispute, paid } = facts;
  const { charge } = paid;
  if (how !== 'close' || standing.refunded === 0) return null;
  const refunded = formatMoney(standing.refunded, charge.currency);
  const all = currency === charge.currency ? formatMoney(standing.refunded + amount, currency) : 'both';
  return `The customer is paid twice: ${refunded} of this payment are refunded already, and the bank would give them ${money} more. They would have ${all}, and they paid ${formatMoney(charge.amount, charge.currency)}. Contest it instead, with the refund as evidence: dispute contest ${dispute.id}`;
}
