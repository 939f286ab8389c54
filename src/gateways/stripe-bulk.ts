import type Stripe from 'stripe';
import type { FetchedInvoice, FetchedSubscription } from './stripe.ts';
import { readInvoice } from './stripe-read-invoice.ts';
import { readSubscription } from './stripe-read-subscription.ts';

/** A page of a whole list, newest first. `next` is where the next page begins; null at the end. */
export type BulkPage<T> = { rows: T[]; next: string | null };

export type BulkSubscription = {
  id: string;
  stripeCustomerId: string;
  /** Null when a page does not tell everything of it: its customer has to be asked for singly. */
  subscription: FetchedSubscription | null;
};

export type BulkInvoice = {
  id: string;
  createdAt: number;
  /** Null as above. */
  invoice: FetchedInvoice | null;
};

/** Whole lists, a hundred objects a call, for when asking one by one would take too many calls. */
export type BulkCalls = {
  /** All subscriptions of the account, ended ones included; null when Stripe knows the object at `after` no more. */
  listSubscriptionPage(after: string | null): Promise<BulkPage<BulkSubscription> | null>;
  /** Invoices that were created at `until` (milliseconds) or before; null as above. */
  listInvoicePage(wanted: { until: number; after: string | null }): Promise<BulkPage<BulkInvoice> | null>;
};

type Ask = <T>(call: () => Promise<T>) => Promise<T | null>;

const PAGE = 100;

/** docs.stripe.com/api/subscriptions/list and docs.stripe.com/api/invoices/list: sorted by creation, newest first. */
export function bulkCalls(stripe: Stripe, ask: Ask): BulkCalls {
  return {
    async listSubscriptionPage(after) {
      const page = await ask(() =>
        stripe.subscriptions.list({
          status: 'all',
          limit: PAGE,
          ...(after === null ? {} : { starting_after: after }),
        }),
      );
      return page && pageOf(page, readBulkSubscription);
    },
    async listInvoicePage({ until, after }) {
      const page = await ask(() =>
        stripe.invoices.list({
          created: { lte: Math.floor(until / 1000) },
          limit: PAGE,
          expand: ['data.payments'],
          ...(after === null ? {} : { starting_after: after }),
        }),
      );
      return page && pageOf(page, readBulkInvoice);
    },
  };
}

function pageOf<Raw extends { id?: string }, T>(
  page: { data: Raw[]; has_more: boolean },
  read: (raw: Raw) => T,
): BulkPage<T> {
  return { rows: page.data.map(read), next: page.has_more ? (page.data.at(-1)?.id ?? null) : null };
}

function readBulkSubscription(raw: Stripe.Subscription): BulkSubscription {
  const stripeCustomerId = typeof raw.customer === 'string' ? raw.customer : raw.customer.id;
  // A schedule's next phase, and more items than a page shows, take questions of their own.
  const isWhole = !raw.schedule && !raw.items?.has_more;
  return { id: raw.id, stripeCustomerId, subscription: isWhole ? readOrNull(readSubscription, raw) : null };
}

function readBulkInvoice(raw: Stripe.Invoice): BulkInvoice {
  const isWhole = !raw.lines?.has_more && !raw.payments?.has_more;
  return {
    id: raw.id ?? '',
    createdAt: raw.created * 1000,
    invoice: isWhole ? readOrNull(readInvoice, raw) : null,
  };
}

/** One object that cannot be read must not hold up the page; its own pass says what is wrong with it. */
function readOrNull<T>(read: (raw: unknown) => T, raw: unknown): T | null {
  try {
    return read(raw);
  } catch {
    return null;
  }
}
