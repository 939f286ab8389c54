import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import type { StripeRefundReason } from '#src/gateways/stripe.ts';

export type WantedRefund = {
  kind: 'refund';
  chargeId: string;
  paymentIntentId: string | null;
  /** In minor units of the currency. */
  amount: number;
  currency: string;
  stripeReason: StripeRefundReason;
  /** What had been refunded of the charge when it was approved, pending refunds included; in minor units. */
  refundedBefore: number;
  /** The inquiry that it answers: not sent once that is a formal dispute, or over. */
  disputeId?: string;
};

export type WantedCancellation = {
  kind: 'cancel_subscription';
  subscriptionId: string;
  at: 'now' | 'period_end';
};

/** A formal dispute that is not contested: the cardholder keeps the money. */
export type WantedClosing = {
  kind: 'close_dispute';
  disputeId: string;
  chargeId: string;
  paymentIntentId: string | null;
  amount: number;
  currency: string;
  /** As in a refund: refunded and given up would pay twice. */
  refundedBefore: number;
};

/** Evidence for the bank. The texts and the PDF are kept with the run (db/evidence-documents.ts). */
export type WantedSubmission = {
  kind: 'submit_evidence';
  disputeId: string;
  chargeId: string;
  paymentIntentId: string | null;
  amount: number;
  currency: string;
  submissionsBefore: number;
  /** Of the evidence that stood at Stripe already, for it goes to the bank, too. */
  evidenceBefore: string;
  /** What it was while it was approved: an answer to a question of the bank answers no formal dispute. */
  isInquiry: boolean;
  documentSha256: string;
};

/** What an approved run wants done at Stripe. */
export type WantedEffect = WantedRefund | WantedCancellation | WantedClosing | WantedSubmission;

export function targetOf(wanted: WantedEffect): string {
  switch (wanted.kind) {
    case 'refund':
      return wanted.chargeId;
    case 'cancel_subscription':
      return wanted.subscriptionId;
    case 'close_dispute':
    case 'submit_evidence':
      return wanted.disputeId;
  }
}

/** The dispute that an effect answers; null when it answers none. */
export function disputeOf(wanted: WantedEffect): string | null {
  return 'disputeId' in wanted ? (wanted.disputeId ?? null) : null;
}

export function readWanted(row: StripeEffectRow): WantedEffect {
  return JSON.parse(row.params);
}

/** Nothing of it can be at Stripe: it may still be given up. Whatever it is called, what was never sent is not in doubt. */
export function wasNeverSent(effect: Pick<StripeEffectRow, 'state' | 'first_sent_at'>): boolean {
  return effect.state === 'queued' || effect.first_sent_at === null;
}

/** Who asked, who approved, and why: kept with the effect, for it is theirs whenever it is carried out. */
export type KeptCause = Pick<Cause, 'actor' | 'reason' | 'ticket' | 'approval' | 'breakGlass'>;

export function readKeptCause(row: StripeEffectRow): KeptCause {
  return JSON.parse(row.cause);
}
