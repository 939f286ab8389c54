import type { Sql } from '#db/connection.ts';
import { findOpenLock } from '#db/customer-locks.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { formatMoney } from '#src/core/money.ts';
import { lockWords } from '#src/entitlements/lock.ts';
import type { FetchedRefund } from '#src/gateways/stripe.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { isInquiry, isOver } from '#src/gateways/stripe-dispute-status.ts';
import type { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import type { EffectKind, Look, Seen, Verdict } from './effect-kind.ts';
import { refundedOf } from './refunded.ts';
import { readWanted, type WantedRefund, wasNeverSent } from './wanted-effect.ts';

/**
 * A refund of a charge. It carries our id in its metadata, and the list of a charge's refunds is always up to date
 * (unlike Stripe's search), so whether it is there can be seen whatever became of the request.
 */
export const refund: EffectKind = {
  async look(stripe, effect, _now, sql) {
    const wanted = wantedOf(effect);
    const look = judgeList(effect, wanted, await stripe.listRefunds(wanted.chargeId));
    if (look.kind !== 'absent') return look;
    const inquiry =
      wanted.disputeId === undefined
        ? look
        : judgeInquiry(wanted, await stripe.getAnswerableDispute(wanted.disputeId));
    return inquiry.kind === 'absent' ? judgeLock(sql, effect) : inquiry;
  },
  async send(stripe, effect, idempotencyKey) {
    const { chargeId, amount, stripeReason } = wantedOf(effect);
    const metadata = { lucy_effect: effect.id, lucy_run: effect.run_id };
    return seenOf(
      await stripe.createRefund({ chargeId, amount, reason: stripeReason, metadata, idempotencyKey }),
    );
  },
  async fetch(stripe, effect) {
    const found = await stripe.getRefund(effect.object_id ?? '');
    return found && seenOf(found);
  },
  judge,
  explainNo,
  name: (effect) => `the refund of ${moneyOf(effect)} of ${effect.target_id}`,
  confirmed: (effect) => `Stripe confirmed the refund ${effect.object_id}`,
  pending({ object_id, stripe_status, stripe_reason }) {
    if (stripe_status === 'requires_action')
      return `Stripe says the refund ${object_id} waits for the customer, who has to say where the money should go.`;
    if (stripe_status !== 'pending') return null;
    return `Stripe says the refund ${object_id} is pending: ${pendingWords[stripe_reason ?? ''] ?? 'it is being processed'}.`;
  },
  needsThoseBefore: false,
  mayFailLater: true,
};

function wantedOf(effect: StripeEffectRow): WantedRefund {
  const wanted = readWanted(effect);
  if (wanted.kind !== 'refund') throw new Error(`Effect ${effect.id} is no refund`);
  return wanted;
}

function moneyOf(effect: StripeEffectRow): string {
  const { amount, currency } = wantedOf(effect);
  return formatMoney(amount, currency);
}

function seenOf({ id, status, failureReason, pendingReason }: FetchedRefund): Seen {
  return { objectId: id, status, reason: failureReason ?? pendingReason };
}

function judgeList(effect: StripeEffectRow, wanted: WantedRefund, refunds: readonly FetchedRefund[]): Look {
  const ours = refunds.find((one) => one.metadata.lucy_effect === effect.id);
  if (ours) return { kind: 'there', seen: seenOf(ours) };
  // What the same approval brought was seen by the approvers, too.
  const others = refunds.filter((one) => one.metadata.lucy_run !== effect.run_id);
  const refunded = refundedOf(others);
  if (refunded === wanted.refundedBefore) return { kind: 'absent' };
  return { kind: 'barred', failure: movedSentence(effect, wanted, refunded) };
}

/** An inquiry that turned into a formal dispute took the money already: Stripe refunds nothing then. */
function judgeInquiry(wanted: WantedRefund, dispute: AnswerableDispute | null): Look {
  if (dispute && !isOver(dispute.status) && (isInquiry(dispute.status) || dispute.isChargeRefundable))
    return { kind: 'absent' };
  const what = !dispute
    ? `Stripe knows no dispute ${wanted.disputeId}`
    : isOver(dispute.status)
      ? `${dispute.id} ended as ${dispute.status.replaceAll('_', ' ')} after this was approved`
      : `${dispute.id} turned into a formal dispute after this was approved, and the bank holds the money already`;
  const failure = `${what}, so Lucy refunded nothing. Look at it with “dispute show ${wanted.disputeId}”, and decide anew.`;
  return { kind: 'barred', failure };
}

/**
 * Where fraud is suspected no money leaves, though it was approved before. One that may be at Stripe already goes on:
 * to give it up would leave in doubt whether it was paid.
 */
async function judgeLock(sql: Sql, effect: StripeEffectRow): Promise<Look> {
  if (!wasNeverSent(effect) || effect.customer_id === null) return { kind: 'absent' };
  const lock = await findOpenLock(sql, effect.customer_id);
  if (!lock) return { kind: 'absent' };
  const failure = `The customer was locked for fraud before it was sent (${lockWords(lock)}), so Lucy refunded nothing. If the lock is wrong, ask for its end with “customer unlock”, and request the refund anew.`;
  return { kind: 'barred', failure };
}

function movedSentence(effect: StripeEffectRow, wanted: WantedRefund, refunded: number): string {
  const { chargeId, currency, refundedBefore } = wanted;
  const what =
    refunded > refundedBefore
      ? `Somebody refunded ${formatMoney(refunded - refundedBefore, currency)} of ${chargeId} at Stripe after this was approved`
      : `A refund of ${formatMoney(refundedBefore - refunded, currency)} of ${chargeId} failed after this was approved`;
  const so =
    effect.attempts === 0
      ? 'so Lucy sent nothing'
      : 'and Lucy’s own request did not go through, so she did not repeat it';
  return `${what}, ${so}. Look at the payment again, and request anew what is still wanted.`;
}

function judge(_effect: StripeEffectRow, { objectId, status, reason }: Seen): Verdict {
  if (status === 'succeeded') return { kind: 'confirmed' };
  if (status === 'canceled')
    return { kind: 'failed', failure: `The refund ${objectId} was cancelled at Stripe. ${afterFailure}` };
  if (status !== 'failed') return { kind: 'open' };
  const why = failureWords[reason ?? ''] ?? 'Stripe gives no reason';
  return { kind: 'failed', failure: `The refund ${objectId} failed: ${why}. ${afterFailure}` };
}

const afterFailure =
  'The money is back in the Stripe balance and the customer does not have it: agree with them on another way.';

/** https://docs.stripe.com/refunds, “Failed refunds”, and https://docs.stripe.com/api/refunds/object, failure_reason. */
const failureWords: Record<string, string> = {
  lost_or_stolen_card: 'the card was reported lost or stolen',
  expired_or_canceled_card: 'the card has expired or was cancelled',
  charge_for_pending_refund_disputed: 'the payment was disputed while the refund was pending',
  insufficient_funds: 'the Stripe balance did not cover it',
  declined: 'the customer’s bank declined it',
  merchant_request: 'it was taken back at our own request',
  unknown: 'the bank gives no reason',
};

/** https://docs.stripe.com/api/refunds/object, pending_reason. */
const pendingWords: Record<string, string> = {
  processing: 'it is being processed',
  insufficient_funds: 'the Stripe balance does not cover it, so somebody should top the balance up',
  charge_pending: 'the payment itself has not settled yet',
};

/** https://docs.stripe.com/error-codes */
function explainNo(effect: StripeEffectRow, { code, message }: StripeSaidNo): string {
  const charge = effect.target_id;
  switch (code) {
    case 'charge_already_refunded':
      return `Stripe refused: ${charge} is refunded in full already, so nothing was sent. Look at the payment in Stripe.`;
    case 'charge_disputed':
    case 'refund_disputed_payment':
      return `Stripe refused: ${charge} is disputed, and a disputed payment cannot be refunded. Accept it (dispute accept ${charge}) or contest it (dispute contest ${charge}).`;
    case 'resource_missing':
      return `Stripe refused: it knows no charge ${charge}. Check the id, and that the key is of this account, then request anew.`;
    default:
      return `Stripe refused and refunded nothing: ${sentence(message)} Mend that, and request anew if it is still wanted.`;
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
