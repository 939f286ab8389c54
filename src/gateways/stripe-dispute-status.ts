/** What Stripe's own word for a dispute says (docs.stripe.com/api/disputes/object#dispute_object-status). */
const over = new Set(['won', 'lost', 'prevented', 'warning_closed']);

/** Nothing moves any more. */
export function isOver(status: string): boolean {
  return over.has(status);
}

/** A question of the bank, before any money moved (docs.stripe.com/disputes/how-disputes-work). */
export function isInquiry(status: string): boolean {
  return status.startsWith('warning_');
}

/** Stripe waits for an answer of ours. */
export function needsAnswer(status: string): boolean {
  return status.endsWith('needs_response');
}

/** The bank asks again after a decision of its own; that is answered in Stripe's dashboard only. */
export function isInAppeal(status: string): boolean {
  return status.startsWith('appeal_');
}
