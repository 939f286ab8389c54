import type Stripe from 'stripe';
import { z } from 'zod';
import { StripeRefused } from './stripe-errors.ts';
import { moment, reference, text } from './stripe-fields.ts';
import type { ListCalls, ListedRefund, ListedSession, ListPage, ListRange } from './stripe-list-calls.ts';
import { readListedSubscription } from './stripe-read-listed.ts';

/** docs.stripe.com/api/pagination: a hundred is the most that a page holds. */
const PAGE_ROWS = 100;

type Ask = <T>(call: () => Promise<T>) => Promise<T | null>;
type RawPage = { data: unknown[]; has_more: boolean };

export function listCalls(stripe: Stripe, ask: Ask): ListCalls {
  return {
    listSubscriptionPage: (range) =>
      page(
        ask,
        () => stripe.subscriptions.list({ status: 'all', ...paramsOf(range) }),
        readListedSubscription,
      ),
    listRefundPage: (range) => page(ask, () => stripe.refunds.list(paramsOf(range)), readListedRefund),
    listSessionPage: (range) =>
      page(ask, () => stripe.checkout.sessions.list(paramsOf(range)), readListedSession),
    async accountOpenedAt() {
      try {
        const account = await ask(() => stripe.accounts.retrieveCurrent());
        return account?.created ? account.created * 1_000 : null;
      } catch (error) {
        // A restricted key may list without seeing the account: then the lists begin with Stripe itself.
        if (error instanceof StripeRefused) return null;
        throw error;
      }
    },
  };
}

async function page<T>(
  ask: Ask,
  call: () => Promise<RawPage>,
  read: (raw: unknown) => T,
): Promise<ListPage<T> | null> {
  const raw = await ask(call);
  return raw && { rows: raw.data.map(read), hasMore: raw.has_more };
}

function paramsOf({ from, before, after }: ListRange) {
  return {
    limit: PAGE_ROWS,
    created: { gte: Math.floor(from / 1_000), lt: Math.ceil(before / 1_000) },
    ...(after === null ? {} : { starting_after: after }),
  };
}

const refundSchema = z.object({
  id: z.string(),
  status: text,
  amount: z.number(),
  payment_intent: reference,
  charge: reference,
  created: moment,
});

function readListedRefund(raw: unknown): ListedRefund {
  const { payment_intent, charge, created, status, ...refund } = refundSchema.parse(raw);
  return {
    ...refund,
    status: status ?? 'succeeded',
    paymentIntentId: payment_intent,
    chargeId: charge,
    createdAt: created ?? 0,
  };
}

const sessionSchema = z.object({
  id: z.string(),
  status: text,
  mode: text,
  payment_status: text,
  customer: reference,
  client_reference_id: text,
  payment_intent: reference,
  invoice: reference,
  created: moment,
});

function readListedSession(raw: unknown): ListedSession {
  const value = sessionSchema.parse(raw);
  return {
    id: value.id,
    status: value.status ?? 'open',
    mode: value.mode ?? 'payment',
    paymentStatus: value.payment_status ?? 'unpaid',
    stripeCustomerId: value.customer,
    clientReferenceId: value.client_reference_id,
    paymentIntentId: value.payment_intent,
    invoiceId: value.invoice,
    createdAt: value.created ?? 0,
  };
}
