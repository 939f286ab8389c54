import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { formatMoney } from '#src/core/money.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';
import type { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { whyNoAnswer } from './dispute-state.ts';
import type { EffectKind, Look, Seen, Verdict } from './effect-kind.ts';
import { refundedOf } from './refunded.ts';
import { readWanted, type WantedClosing } from './wanted-effect.ts';

/** The end of a formal dispute that is not contested. Whoever ended it as lost: it is lost. */
export const disputeClosing: EffectKind = {
  async look(stripe, effect) {
    const dispute = await stripe.getAnswerableDispute(effect.target_id);
    if (!dispute) return { kind: 'barred', failure: unknownDispute(effect) };
    if (dispute.status === LOST) return { kind: 'there', seen: seenOf(dispute) };
    return mayClose(stripe, wantedOf(effect), dispute);
  },
  async send(stripe, effect, idempotencyKey) {
    return seenOf(await stripe.closeDispute({ disputeId: effect.target_id, idempotencyKey }));
  },
  async fetch(stripe, effect) {
    const dispute = await stripe.getAnswerableDispute(effect.target_id);
    return dispute && seenOf(dispute);
  },
  judge,
  explainNo,
  name(effect) {
    const { amount, currency } = wantedOf(effect);
    return `the acceptance of the dispute ${effect.target_id} over ${formatMoney(amount, currency)}`;
  },
  confirmed: (effect) => `Stripe confirmed that the dispute ${effect.target_id} is closed as lost`,
  pending: () => null,
  needsThoseBefore: true,
  mayFailLater: false,
};

const LOST = 'lost';

function wantedOf(effect: StripeEffectRow): WantedClosing {
  const wanted = readWanted(effect);
  if (wanted.kind !== 'close_dispute') throw new Error(`Effect ${effect.id} closes no dispute`);
  return wanted;
}

function seenOf({ id, status }: AnswerableDispute): Seen {
  return { objectId: id, status, reason: null };
}

/** Accepting cannot be taken back, so the world must still be the one that was approved. */
async function mayClose(
  stripe: StripeGateway,
  wanted: WantedClosing,
  dispute: AnswerableDispute,
): Promise<Look> {
  const why = whyNoAnswer(dispute);
  if (why) return { kind: 'barred', failure: `${why} So Lucy did not accept it.` };
  if (isInquiry(dispute.status))
    return {
      kind: 'barred',
      failure: `${dispute.id} is an inquiry now, which a refund ends, so Lucy did not give the money up. Accept it anew to refund it.`,
    };
  const refunded = refundedOf(await stripe.listRefunds(wanted.chargeId));
  if (refunded !== wanted.refundedBefore)
    return {
      kind: 'barred',
      failure: `What is refunded of ${wanted.chargeId} changed after this was approved, and a refund on top of a lost dispute pays twice, so Lucy did not accept ${dispute.id}. Look at the payment again, and decide anew.`,
    };
  return { kind: 'absent' };
}

function judge(_effect: StripeEffectRow, { objectId, status }: Seen): Verdict {
  if (status === LOST) return { kind: 'confirmed' };
  if (status !== 'won' && status !== 'prevented') return { kind: 'open' };
  const failure = `The dispute ${objectId} ended as ${status}, although it was accepted. Look at it in Stripe’s dashboard.`;
  return { kind: 'failed', failure };
}

function unknownDispute(effect: StripeEffectRow): string {
  return `Stripe knows no dispute ${effect.target_id}, so nothing was accepted. Check the id, and that the key is of this account, then decide anew.`;
}

function explainNo(effect: StripeEffectRow, { code, message }: StripeSaidNo): string {
  if (code === 'resource_missing') return unknownDispute(effect);
  const said = /[.!?]$/.test(message) ? message : `${message}.`;
  return `Stripe refused to close the dispute ${effect.target_id}: ${said} Look at it with “dispute show ${effect.target_id}”, and decide anew.`;
}
