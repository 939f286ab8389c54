import type { BulkCalls, BulkPage } from '#src/gateways/stripe-bulk.ts';
import type { StripeTruth } from './stripe-truth.ts';

type Answer = <T>(name: string, read: () => T) => Promise<T>;

/** Whole lists, newest first, in pages that a test may make as small as it likes. */
export function truthBulk(truth: () => StripeTruth, answer: Answer): BulkCalls {
  return {
    listSubscriptionPage: (after) =>
      answer('listSubscriptionPage', () => {
        const rows = [...truth().subscriptions.values()].reverse();
        return pageOf(rows, after, truth().pageSize, (row) => ({
          id: row.id,
          stripeCustomerId: row.customer,
          subscription: structuredClone(row),
        }));
      }),
    listInvoicePage: ({ until, after }) =>
      answer('listInvoicePage', () => {
        const rows = [...truth().invoices.values()]
          .map((row) => ({ ...structuredClone(row), createdAt: second(row.createdAt) }))
          .filter((row) => row.createdAt <= until)
          .reverse()
          .sort((a, b) => b.createdAt - a.createdAt);
        return pageOf(rows, after, truth().pageSize, (row) => ({
          id: row.id,
          createdAt: row.createdAt,
          invoice: row,
        }));
      }),
  };
}

function pageOf<Row extends { id: string }, T>(
  rows: Row[],
  after: string | null,
  size: number,
  read: (row: Row) => T,
): BulkPage<T> | null {
  const place = after === null ? -1 : rows.findIndex((row) => row.id === after);
  if (after !== null && place < 0) return null;
  const found = rows.slice(place + 1, place + 1 + size);
  const hasMore = rows.length > place + 1 + size;
  return { rows: found.map(read), next: hasMore ? (found.at(-1)?.id ?? null) : null };
}

/** Stripe tells times in seconds. */
const second = (ms: number) => Math.floor(ms / 1000) * 1000;
