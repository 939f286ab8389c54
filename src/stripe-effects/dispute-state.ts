import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { isInAppeal, isOver } from '#src/gateways/stripe-dispute-status.ts';

/** Why a dispute takes no answer, whatever the answer would be; a sentence that stands alone. Null when it takes one. */
export function whyNoAnswer(dispute: AnswerableDispute): string | null {
  const { id, status } = dispute;
  if (status === 'lost') return `The dispute ${id} is lost already: the bank keeps the money.`;
  if (status === 'won') return `The dispute ${id} is won already: the money is ours.`;
  if (isOver(dispute.status)) return `The dispute ${id} is over already (${status.replaceAll('_', ' ')}).`;
  if (status === 'under_review' || status === 'warning_under_review')
    return `The evidence for ${id} is with the bank already, and the bank decides now.`;
  if (isInAppeal(status)) return `The dispute ${id} is in appeal, which Lucy does not answer.`;
  return null;
}

/**
 * Why the bank takes no evidence on one that does take an answer. Stripe's own `past_due` says only whether evidence that
 * was submitted came late, so the deadline itself decides (docs.stripe.com/api/disputes/object, evidence_details).
 *
 * @param now ms UTC
 */
export function whyNoEvidence({ id, dueBy }: AnswerableDispute, now: number): string | null {
  if (dueBy === null) return `The bank takes no evidence on ${id}.`;
  if (dueBy <= now) return `The deadline of ${id} is over, so evidence may not reach the bank any more.`;
  return null;
}
