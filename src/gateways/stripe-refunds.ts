import type Stripe from 'stripe';
import { z } from 'zod';
import type { FetchedRefund, StripeGateway } from './stripe.ts';
import { collectPages } from './stripe-calls.ts';
import { moment, reference, text } from './stripe-fields.ts';
import { readSubscription } from './stripe-read-subscription.ts';
import { createSendingClient, sendOnce } from './stripe-send-once.ts';

type RefundCalls = Pick<
  StripeGateway,
  'createRefund' | 'getRefund' | 'listRefunds' | 'cancelSubscription' | 'getSubscription'
>;

/** What Lucy changes at Stripe, and how she sees whether it came to be. */
export function refundCalls(
  stripe: Stripe,
  ask: <T>(call: () => Promise<T>) => Promise<T | null>,
  options: { secretKey: string; apiBase: string; onCall?: (ok: boolean) => void },
): RefundCalls {
  const sender = createSendingClient(options);
  const send = <T>(call: () => Promise<T>): Promise<T> => sendOnce(call, options.onCall);

  return {
    async getSubscription(id) {
      const raw = await ask(() => stripe.subscriptions.retrieve(id));
      return raw && readSubscription(raw);
    },
    async getRefund(id) {
      const raw = await ask(() => stripe.refunds.retrieve(id));
      return raw && readRefund(raw);
    },
    async listRefunds(charge) {
      const raw = await ask(() =>
        collectPages((after) => stripe.refunds.list({ charge, limit: 100, ...after })),
      );
      return (raw ?? []).map(readRefund);
    },
    async createRefund({ chargeId, amount, reason, metadata, idempotencyKey }) {
      const params = { charge: chargeId, amount, reason, metadata };
      return readRefund(await send(() => sender.refunds.create(params, { idempotencyKey })));
    },
    async cancelSubscription({ subscriptionId, at, idempotencyKey }) {
      const raw = await send(() =>
        at === 'now'
          ? // A DELETE takes no key and needs none: what has ended ends no second time.
            sender.subscriptions.cancel(subscriptionId)
          : sender.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, { idempotencyKey }),
      );
      return readSubscription(raw);
    },
  };
}

const refundSchema = z.object({
  id: z.string(),
  charge: reference,
  amount: z.number(),
  currency: z.string(),
  status: text,
  failure_reason: text,
  pending_reason: text,
  metadata: z.record(z.string(), z.string()).nullish(),
  created: moment,
});

/** docs.stripe.com/api/refunds/object */
function readRefund(raw: unknown): FetchedRefund {
  const value = refundSchema.parse(raw);
  return {
    id: value.id,
    chargeId: value.charge,
    amount: value.amount,
    currency: value.currency,
    // Nullable at Stripe; what it does not say is not settled.
    status: value.status ?? 'pending',
    failureReason: value.failure_reason,
    pendingReason: value.pending_reason,
    metadata: value.metadata ?? {},
    createdAt: value.created ?? 0,
  };
}
