import { DAY_MS, formatUtc, HOUR_MS } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { isInAppeal, isOver } from '#src/gateways/stripe-dispute-status.ts';
import type { Fact } from '#src/replies/reply.ts';
import type { Case } from './case.ts';
import { reasonName, reasonWords } from './reasons.ts';
import { settledAt, standsWords, wantsAnswer } from './status.ts';

/** Whose it is, and what they may use now. */
export function whoFacts({ dispute, customer, entitlement, isLocked }: Case): Fact[] {
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

/** What the bank claims, where it stands, and how long there is. */
export function whatFacts({ dispute, payment }: Case, now: number): Fact[] {
  const { claim, evidence } = reasonWords(dispute.reason);
  const of =
    payment?.currency && payment.amount_paid !== dispute.amount
      ? ` of ${formatMoney(payment.amount_paid, payment.currency)}`
      : '';
  const network = [dispute.network, dispute.network_reason_code].filter(Boolean).join(' ');
  const isOpen = !isOver(dispute.status) && settledAt(dispute) === null;
  return [
    { label: 'Amount', value: `${formatMoney(dispute.amount, dispute.currency)}${of}` },
    { label: 'Kind', value: kindWords(dispute) },
    { label: 'Stands', value: standsWords(dispute) },
    { label: 'Claim', value: `${claim} (${reasonName(dispute.reason)}${network ? `, ${network}` : ''})` },
    ...(isOpen ? [{ label: 'What wins', value: evidence }] : []),
    ...(wantsAnswer(dispute) ? deadline(dispute.due_by, now) : []),
    ...(isInAppeal(dispute.status) && wantsAnswer(dispute)
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

/** What the payment brought, what was used of it, and what was done about the dispute. */
export function ourFacts({ dispute, credits, use, bundle, isPreserving }: Case): Fact[] {
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
