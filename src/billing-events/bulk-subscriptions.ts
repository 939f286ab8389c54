import { listMarked, markForBulk, unmark } from '#db/bulk-marks.ts';
import { putBulkReads } from '#db/bulk-reads.ts';
import type { BulkRefreshRow } from '#db/bulk-refreshes.ts';
import { writeInstallation } from '#db/installation.ts';
import type { BulkStep } from './bulk-refresh.ts';
import type { BillingDeps } from './deps.ts';

/** Subscriptions in one answer of Stripe's. */
export const PAGE_SIZE = 100;
const MARK_AT_ONCE = 1_000;

/** Before anything is read: who is read for, and which dirty mark they carry. */
export async function markCustomers(deps: BillingDeps, bulk: BulkRefreshRow): ReturnType<BulkStep> {
  return async (sql) => {
    const marked = await markForBulk(sql, bulk.id, deps.clock.now(), MARK_AT_ONCE);
    if (marked > 0) return { customers: bulk.customers + marked };
    return { state: bulk.customers > 0 ? 'subscriptions' : 'clearing' };
  };
}

/** One page of all subscriptions; what belongs to nobody who waits is not kept. */
export async function readSubscriptionPage(deps: BillingDeps, bulk: BulkRefreshRow): ReturnType<BulkStep> {
  const page = await deps.stripe.listSubscriptionPage(bulk.cursor);
  const pages = bulk.pages + 1;
  return async (sql) => {
    // The place in the list is gone: it is read again from its beginning, which brings only what is newer.
    if (!page) return { cursor: null, pages };
    const ids = page.rows.map((row) => row.stripeCustomerId);
    const marked = await listMarked(sql, bulk.id, [...new Set(ids)]);
    const rows = page.rows.filter((row) => marked.has(row.stripeCustomerId));
    await putBulkReads(
      sql,
      rows.flatMap(({ id, stripeCustomerId, subscription }) =>
        subscription
          ? [
              {
                bulk_id: bulk.id,
                object_id: id,
                kind: 'subscription',
                stripe_customer_id: stripeCustomerId,
                created_at: subscription.createdAt,
                body: JSON.stringify(subscription),
              },
            ]
          : [],
      ),
    );
    const unread = rows.filter((row) => row.subscription === null).map((row) => row.stripeCustomerId);
    await unmark(sql, bulk.id, [...new Set(unread)]);
    return whatNext(sql, deps, bulk, { pages, next: page.next });
  };
}

async function whatNext(
  sql: Parameters<typeof putBulkReads>[0],
  deps: BillingDeps,
  bulk: BulkRefreshRow,
  { pages, next }: { pages: number; next: string | null },
): Promise<Partial<BulkRefreshRow>> {
  const isTooLong = next !== null && pages * 2 > bulk.customers;
  // So much is known of its length now, so that it is not begun again for as few customers.
  if (next === null || isTooLong)
    await writeInstallation(sql, 'bulk_pages', String(pages + (isTooLong ? 1 : 0)), deps.clock.now());
  if (isTooLong)
    return { state: 'clearing', pages, cursor: null, outcome: 'The list is longer than it is worth.' };
  return next === null ? { state: 'wanting', pages, cursor: null } : { pages, cursor: next };
}
