import type { LocalStripe } from './local-stripe-types.ts';
import { dayInWords, inWords } from './plain-words.ts';
import type { Scenario } from './scenario.ts';
import { disputableCharge, openDispute } from './scenario-guards.ts';

const noDispute = (stripe: LocalStripe) =>
  openDispute(stripe) ? null : 'No dispute is open. Press “Dispute opens” first.';

const noCharge = (stripe: LocalStripe) =>
  disputableCharge(stripe) ? null : 'Disputed Inc has no payment left that could be disputed.';

function open(stripe: LocalStripe, inquiry: boolean): string {
  const charge = disputableCharge(stripe);
  if (!charge) return 'There was nothing to dispute.';
  const dispute = stripe.world.openDispute(charge.id, { inquiry });
  const due = dayInWords(dispute.evidence_details.due_by ?? 0);
  return inquiry
    ? `Disputed Inc’s bank asks about ${inWords(dispute.amount)}; it can still be refunded, until ${due}.`
    : `Disputed Inc disputes ${inWords(dispute.amount)}; the money is gone for now, and an answer is due by ${due}.`;
}

export const disputeScenarios: Scenario[] = [
  {
    id: 'dispute-opens',
    title: 'Dispute opens',
    description:
      'Disputed Inc disputes its last payment; Lucy should freeze its credits and show the deadline.',
    whyNot: noCharge,
    run: (stripe) => open(stripe, false),
  },
  {
    id: 'inquiry-opens',
    title: 'The bank only inquires',
    description:
      'Disputed Inc’s bank asks about a payment; no money moved yet, and a refund is still possible.',
    whyNot: noCharge,
    run: (stripe) => open(stripe, true),
  },
  {
    id: 'dispute-lost',
    title: 'Dispute lost',
    description: 'The bank decides for the customer; the payment’s credits should be taken back.',
    whyNot: noDispute,
    run(stripe) {
      const dispute = openDispute(stripe);
      if (dispute) stripe.world.closeDispute(dispute.id, 'lost');
      return `The dispute over ${inWords(dispute?.amount ?? 0)} is lost.`;
    },
  },
  {
    id: 'dispute-won',
    title: 'Dispute won',
    description: 'The bank decides for us; the money comes back and the credits should be free again.',
    whyNot: noDispute,
    run(stripe) {
      const dispute = openDispute(stripe);
      if (!dispute) return 'There was no dispute.';
      const inquiry = dispute.status.startsWith('warning');
      stripe.world.closeDispute(dispute.id, inquiry ? 'warning_closed' : 'won');
      return inquiry
        ? `The inquiry about ${inWords(dispute.amount)} is closed; nothing was taken.`
        : `The dispute over ${inWords(dispute.amount)} is won; the money is back.`;
    },
  },
  {
    id: 'fraud-warning',
    title: 'Early fraud warning',
    description:
      'The card’s issuer suspects fraud before anybody disputes; Lucy should offer refund or lock.',
    whyNot: noCharge,
    run(stripe) {
      const charge = disputableCharge(stripe);
      if (charge) stripe.world.warnOfFraud(charge.id);
      return `The issuer warns of fraud on Disputed Inc’s ${inWords(charge?.amount ?? 0)}.`;
    },
  },
];
