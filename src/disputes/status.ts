import type { DisputePhase } from '#db/disputes.ts';

/** docs.stripe.com/api/disputes/object#dispute_object-status */
const over = new Set(['won', 'lost', 'prevented', 'warning_closed']);

export function isOver(status: string): boolean {
  return over.has(status);
}

/** An inquiry only asks: no money moved. Anything else did move it (docs.stripe.com/disputes/how-disputes-work). */
export function phaseOf(status: string): DisputePhase {
  return status.startsWith('warning_') ? 'inquiry' : 'dispute';
}

/** Stripe waits for an answer of ours. */
export function needsAnswer(status: string): boolean {
  return status.endsWith('needs_response');
}

/** The bank asks again after a decision of its own; that is answered in Stripe's dashboard only. */
export function isInAppeal(status: string): boolean {
  return status.startsWith('appeal_');
}

/** It can be accepted or contested from here. */
export function takesAnswer(status: string): boolean {
  return needsAnswer(status) && !isInAppeal(status);
}

/** What was decided here does not answer it: nothing was, or it was before the appeal. */
export function waitsForDecision({ status, decision }: { status: string; decision: string | null }): boolean {
  return needsAnswer(status) && (decision === null || isInAppeal(status));
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

/** Where it stands, without a full stop; a status that Stripe brings up one day stands as Stripe says it. */
export function statusWords(status: string): string {
  return words[status] ?? status.replaceAll('_', ' ');
}
