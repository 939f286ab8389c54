import type { FetchedSubscription } from './stripe.ts';

/** Stripe's lists of everything, page by page, newest first; for comparing, not for looking one thing up. */
export type ListCalls = {
  /** Subscriptions in any state. Null when Stripe knows the place `after` no more. */
  listSubscriptionPage(range: ListRange): Promise<ListPage<ListedSubscription> | null>;
  listRefundPage(range: ListRange): Promise<ListPage<ListedRefund> | null>;
  listSessionPage(range: ListRange): Promise<ListPage<ListedSession> | null>;
  /** When the account was opened, in milliseconds; null when the key may not ask. */
  accountOpenedAt(): Promise<number | null>;
};

/** Milliseconds, by the time of creation: `from` is in it, `before` is not. */
export type ListRange = { from: number; before: number; after: string | null };

export type ListPage<T> = { rows: T[]; hasMore: boolean };

export type ListedSubscription = FetchedSubscription & { isLive: boolean };

export type ListedRefund = {
  id: string;
  status: string;
  amount: number;
  paymentIntentId: string | null;
  chargeId: string | null;
  createdAt: number;
};

export type ListedSession = {
  id: string;
  /** `open`, `complete` or `expired`. */
  status: string;
  mode: string;
  paymentStatus: string;
  stripeCustomerId: string | null;
  clientReferenceId: string | null;
  paymentIntentId: string | null;
  invoiceId: string | null;
  createdAt: number;
};
