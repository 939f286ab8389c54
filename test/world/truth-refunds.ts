import type { FetchedRefund, StripeGateway } from '#src/gateways/stripe.ts';
import { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import type { StripeTruth } from './stripe-truth.ts';

/** A refund as a test writes it down; what it leaves out does not matter there. */
export type TruthRefund = { amount: number; status: 'succeeded' | 'pending' | 'failed' } & Partial<
  Pick<FetchedRefund, 'id' | 'metadata' | 'failureReason' | 'pendingReason'>
>;

type Answer = <T>(name: string, read: () => T) => Promise<T>;

/** Refunds and cancellations at the truth, each key once, as Stripe does it while it remembers the key. */
export function truthRefunds(
  read: () => StripeTruth,
  now: () => number,
  answer: Answer,
): Pick<
  StripeGateway,
  'createRefund' | 'getRefund' | 'listRefunds' | 'cancelSubscription' | 'getSubscription'
> {
  const byKey = new Map<string, FetchedRefund>();
  const intentOf = (chargeId: string) =>
    read().charges.get(chargeId)?.paymentIntentId ?? chargeId.replace(/^ch_/, 'pi_');

  function shown(intentId: string, refund: TruthRefund, index: number): FetchedRefund {
    const chargeId = [...read().charges.values()].find((row) => row.paymentIntentId === intentId)?.id;
    return {
      id: refund.id ?? `re_${intentId}_${index + 1}`,
      chargeId: chargeId ?? intentId.replace(/^pi_/, 'ch_'),
      amount: refund.amount,
      currency: 'usd',
      status: refund.status,
      failureReason: refund.failureReason ?? null,
      pendingReason: refund.pendingReason ?? null,
      metadata: refund.metadata ?? {},
      createdAt: now(),
    };
  }

  function refundsOf(intentId: string): FetchedRefund[] {
    return (read().refunds.get(intentId) ?? []).map((refund, index) => shown(intentId, refund, index));
  }

  return {
    listRefunds: (chargeId) => answer('listRefunds', () => refundsOf(intentOf(chargeId)).toReversed()),
    getRefund: (id) =>
      answer(
        'getRefund',
        () => [...read().refunds.keys()].flatMap(refundsOf).find((refund) => refund.id === id) ?? null,
      ),
    createRefund: ({ chargeId, amount, metadata, idempotencyKey }) =>
      answer('createRefund', () => {
        const truth = read();
        const former = byKey.get(idempotencyKey);
        if (former) return former;
        const charge = truth.charges.get(chargeId);
        if (charge?.isDisputed) throw new StripeSaidNo('charge_disputed', `Charge ${chargeId} is disputed.`);
        const intentId = intentOf(chargeId);
        const made = { amount, metadata, status: truth.newRefundsAre };
        truth.refunds.set(intentId, [...(truth.refunds.get(intentId) ?? []), made]);
        if (charge) charge.amountRefunded += amount;
        const refund = refundsOf(intentId).at(-1);
        if (!refund) throw new Error('A refund that was just made is missing');
        byKey.set(idempotencyKey, refund);
        return refund;
      }),
    getSubscription: (id) =>
      answer('getSubscription', () => structuredClone(read().subscriptions.get(id) ?? null)),
    cancelSubscription: ({ subscriptionId, at }) =>
      answer('cancelSubscription', () => {
        const subscription = read().subscriptions.get(subscriptionId);
        if (!subscription || subscription.endedAt !== null)
          throw new StripeSaidNo('resource_missing', `No such subscription: '${subscriptionId}'`);
        if (at === 'now') Object.assign(subscription, { status: 'canceled', endedAt: now(), cancelAt: null });
        else subscription.cancelAt = subscription.items[0]?.periodEnd ?? now();
        return structuredClone(subscription);
      }),
  };
}
