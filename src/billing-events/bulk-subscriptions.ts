import { listMarked, markForBulk, unmark } from '#db/bulk-marks.ts';
import { putBulkReads } from '#db/bulk-reads.ts';
import type { BulkRefreshRow } from '#db/bulk-refreshes.ts';
import { rememberLength } from './bulk-length.ts';
import type { BulkStep } from './bulk-refresh.ts';
import type { BillingDeps } from './deps.ts';

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
  const asked = deps.clock.now();
  const page = await deps.stripe.listSubscriptionPage(bulk.cursor);
  const read = { pages: bulk.pages + 1, pages_ms: bulk.pages_ms + deps.clock.now() - asked };
  return async (sql) => {
    // The place in the list is gone: it is read again from its beginning, which brings only what is newer.
    if (!page) return { cursor: null, ...read };
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
    return whatNext(sql, deps, bulk, { read, next: page.next });
  };
}

async function whatNext(
  sql: Parameters<typeof putBulkReads>[0],
  deps: BillingDeps,
  bulk: BulkRefreshRow,
  { read, next }: { read: Pick<BulkRefreshRow, 'pages' | 'pages_ms'>; next: string | null },
): Promise<Partial<BulkRefreshRow>> {
  const isTooLong = next !== null && read.pages * 2 > bulk.customers;
  if (next === null || isTooLong) await rememberLength(sql, read, next === null, deps.clock.now());
  if (isTooLong)
    return { ...read, state: 'clearing', cursor: null, outcome: 'The list is longer than it is worth.' };
  return next === null ? { ...read, state: 'wanting', cursor: null } : { ...read, cursor: next };
}
