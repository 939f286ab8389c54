import type { DisputeDecision, DisputeRow } from '#db/disputes.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { isInquiry, isOver } from '#src/gateways/stripe-dispute-status.ts';
import { whyNoAnswer, whyNoEvidence } from '#src/stripe-effects/dispute-state.ts';

/** @throws UserError when the bank takes no evidence on it, or none any more */
export function requireContestable(cause: Cause, dispute: AnswerableDispute): void {
  const why = whyNoEvidence(dispute, cause.now);
  if (!why) return;
  throw refusal(
    why,
    isInquiry(dispute.status)
      ? `A full refund still ends the inquiry: dispute accept ${dispute.id}`
      : `Accept it, or wait for the bank, which most likely decides for the cardholder: dispute accept ${dispute.id}`,
  );
}

/** @throws UserError when it takes no answer, or somebody decided it already */
export function requireAnswerable(
  cause: Cause,
  dispute: AnswerableDispute,
  row: DisputeRow | undefined,
): void {
  const why = whyNoAnswer(dispute);
  if (why) throw refusal(why, nextStep(dispute));
  if (row?.decision && row.decided_run !== cause.runId) throw decidedAlready(row);
}

const did: Record<DisputeDecision, string> = {
  accept: 'accepted it',
  refund: 'answered it with a refund',
  contest: 'contested it',
  fraud: 'called it fraud',
};

/** Two answers to one dispute would pay twice, or contradict each other before the bank. */
export function decidedAlready(row: DisputeRow): UserError {
  const when = row.decided_at === null ? '' : ` on ${formatUtc(row.decided_at)}`;
  const what = row.decision ? did[row.decision] : 'decided it';
  return refusal(
    `${row.id} is decided already: ${row.decided_by ?? 'somebody'} ${what}${when} (${row.decided_run}).`,
    `See how far it has come: dispute show ${row.id}. If it fails at Stripe, it can be decided anew.`,
  );
}

/** What was approved before has not come to anything yet, and may still reach Stripe. */
export function answeredAlready(disputeId: string, runId: string): UserError {
  return refusal(
    `An earlier answer to ${disputeId} is still on its way to Stripe (${runId}), so nothing was done.`,
    `Wait until Stripe has confirmed or refused it, then decide anew. See: dispute show ${disputeId}`,
  );
}

function nextStep(dispute: AnswerableDispute): string {
  const show = `dispute show ${dispute.id}`;
  if (dispute.status === 'lost')
    return `Nothing is left to decide, and a refund on top would pay twice. To end the subscription: subscription cancel CUSTOMER. See: ${show}`;
  if (isOver(dispute.status)) return `Nothing is left to decide. See: ${show}`;
  if (dispute.status.endsWith('under_review'))
    return `Wait for the bank’s decision; Lucy tells it. See: ${show}`;
  return `Answer the appeal in Stripe’s dashboard. See: ${show}`;
}

function refusal(message: string, hint: string): UserError {
  return new UserError('conflict', message, hint, { dispute: message });
}
