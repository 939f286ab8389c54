import type Stripe from 'stripe';
import { z } from 'zod';
import { parserOf } from './parse-only.ts';
import { StripeRefused } from './stripe-errors.ts';
import { moment, reference, text } from './stripe-fields.ts';
import type { ListCalls, ListedRefund, ListedSession, ListPage, ListRange } from './stripe-list-calls.ts';
import { listedFields, readListedSubscription } from './stripe-read-listed.ts';
import { type RawPage, readPage } from './stripe-read-page.ts';

/** docs.stripe.com/api/pagination: a hundred is the most that a page holds. */
const PAGE_ROWS = 100;

type Ask = <T>(call: () => Promise<T>) => Promise<T | null>;

export function listCalls(stripe: Stripe, ask: Ask): ListCalls {
  return {
    listSubscriptionPage: (range) =>
      page(ask, () => readPage(stripe, subscriptionPath(range), parsePage), readListedSubscription),
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

/** A million of these are read in a night, a hundred a page: of each, what `readListedSubscription` looks at and no more. */
const parsePage = parserOf({ has_more: true, data: [listedFields] });

function subscriptionPath(range: ListRange): string {
  const { limit, created, starting_after } = paramsOf(range);
  const query = new URLSearchParams({
    status: 'all',
    limit: String(limit),
    'created[gte]': String(created.gte),
    'created[lt]': String(created.lt),
    ...(starting_after === undefined ? {} : { starting_after }),
  });
  return `/v1/subscriptions?${query}`;
}

type Params = { limit: number; created: { gte: number; lt: number }; starting_after?: string };

function paramsOf({ from, before, after }: ListRange): Params {
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
