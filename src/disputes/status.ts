import type { DisputePhase, DisputeRow } from '#db/disputes.ts';
import { formatUtc } from '#src/core/clock.ts';
import { isInAppeal, isInquiry, isOver, needsAnswer } from '#src/gateways/stripe-dispute-status.ts';

/** An inquiry only asks: no money moved. Anything else did move it (docs.stripe.com/disputes/how-disputes-work). */
export function phaseOf(status: string): DisputePhase {
  return isInquiry(status) ? 'inquiry' : 'dispute';
}

type Standing = Pick<DisputeRow, 'status' | 'refunded_at'>;

/** When the payment was paid back, which ends an inquiry long before the bank closes it; null for any other. */
export function settledAt({ status, refunded_at }: Standing): number | null {
  return isInquiry(status) && !isOver(status) ? refunded_at : null;
}

/** Stripe waits for an answer of ours, and one would still change something. */
export function wantsAnswer(dispute: Standing): boolean {
  return needsAnswer(dispute.status) && settledAt(dispute) === null;
}

/** It can be accepted or contested from here. */
export function takesAnswer(dispute: Standing): boolean {
  return wantsAnswer(dispute) && !isInAppeal(dispute.status);
}

/** What was decided here does not answer it: nothing was, or it was before the appeal. */
export function waitsForDecision(dispute: Standing & Pick<DisputeRow, 'decision'>): boolean {
  return wantsAnswer(dispute) && (dispute.decision === null || isInAppeal(dispute.status));
}

/** The cardholder's bank holds the money, and has not decided. */
export function holdsMoney({ status }: { status: string }): boolean {
  return phaseOf(status) === 'dispute' && !isOver(status);
}

const words: Readonly<Record<string, string>> = {
  warning_needs_response: 'Waits for our answer to the inquiry',
  warning_under_review: 'Our answer to the inquiry is with the bank',
  warning_closed: 'The inquiry was closed; nothing was taken',
  needs_response: 'Waits for our answer',
  under_review: 'Our evidence is with the bank',
  appeal_needs_response: 'Waits for our answer to the appeal',
  appeal_under_review: 'The appeal is with the bank',
  won: 'Won: the money is ours',
  lost: 'Lost: the cardholder keeps the money',
  prevented: 'Prevented: settled before it became a dispute',
};

/** Where one of ours stands, without a full stop: what was paid back waits for nobody, whatever Stripe’s word is. */
export function standsWords(dispute: Standing): string {
  const at = settledAt(dispute);
  return at === null
    ? statusWords(dispute.status)
    : `Refunded on ${formatUtc(at)}; nothing more to do, the bank closes it by itself`;
}

/** Where it stands, without a full stop; a status that Stripe brings up one day stands as Stripe says it. */
export function statusWords(status: string): string {
  return words[status] ?? status.replaceAll('_', ' ');
}
