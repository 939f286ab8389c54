import { READING_STATES } from './bulk-refreshes.ts';
import { engineOf, type Sql } from './connection.ts';

/** Which waiting customers a bulk refresh reads: columns `bulk_id` and `bulk_seq` of customer_sync. */

const isWaiting = 'dirty_seq > synced_seq';

/** Whether a refresh is reading: then its customers wait for it. */
export async function isBulkReading(sql: Sql): Promise<boolean> {
  const reading = await sql('bulk_refreshes')
    .where({ active: 1 })
    .whereIn('state', [...READING_STATES])
    .first('id');
  return reading !== undefined;
}

/** How many customers wait whose owner is known; an unlinked one costs no question to Stripe. */
export async function countWaitingLinked(sql: Sql, now: number): Promise<number> {
  const row = await waitingLinked(sql, now).count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

/** Whether at least so many wait, without counting them all. */
export async function isBacklog(sql: Sql, atLeast: number): Promise<boolean> {
  const some = sql('customer_sync').whereRaw(isWaiting).limit(atLeast).select(sql.raw('1 as one')).as('some');
  const row = await sql.from(some).count({ total: '*' }).first();
  return Number(row?.total ?? 0) >= atLeast;
}

/**
 * Marks waiting customers for a refresh, with the dirty mark that they carry now, a part at a time; returns how many.
 * On Postgres it takes only rows that nobody holds, so it never waits for the webhook intake.
 */
export async function markForBulk(sql: Sql, bulkId: string, now: number, limit: number): Promise<number> {
  const some = waitingLinked(sql, now).whereNull('bulk_id').limit(limit).select('stripe_customer_id');
  if (engineOf(sql) === 'postgres') some.forUpdate('customer_sync').skipLocked();
  return sql('customer_sync')
    .whereIn('stripe_customer_id', some)
    .update({ bulk_id: bulkId, bulk_seq: sql.ref('dirty_seq') });
}

function waitingLinked(sql: Sql, now: number) {
  return sql('customer_sync')
    .whereRaw(isWaiting)
    .where('lease_until', '<', now)
    .where('next_attempt_at', '<=', now)
    .whereExists(
      sql('customer_links')
        .whereRaw('customer_links.stripe_customer_id = customer_sync.stripe_customer_id')
        .whereNot('customer_links.status', 'removed')
        .select(sql.raw('1')),
    );
}

/** Which of these the refresh reads. */
export async function listMarked(
  sql: Sql,
  bulkId: string,
  stripeCustomerIds: readonly string[],
): Promise<Set<string>> {
  const rows: { stripe_customer_id: string }[] = await sql('customer_sync')
    .where({ bulk_id: bulkId })
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .select('stripe_customer_id');
  return new Set(rows.map((row) => row.stripe_customer_id));
}

/** These are asked for singly after all. */
export async function unmark(sql: Sql, bulkId: string, stripeCustomerIds: readonly string[]): Promise<void> {
  if (stripeCustomerIds.length === 0) return;
  await sql('customer_sync')
    .where({ bulk_id: bulkId })
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .update({ bulk_id: null, bulk_seq: null });
}

/** Lets customers go that a refresh which is over has not served, a part at a time; returns how many. */
export async function releaseMarks(sql: Sql, bulkId: string, limit: number): Promise<number> {
  const some = sql('customer_sync').where({ bulk_id: bulkId }).limit(limit).select('stripe_customer_id');
  if (engineOf(sql) === 'postgres') some.forUpdate().skipLocked();
  return sql('customer_sync')
    .whereIn('stripe_customer_id', some)
    .where({ bulk_id: bulkId })
    .update({ bulk_id: null, bulk_seq: null });
}

/** Whether anybody still waits for what was read. */
export async function hasUnserved(sql: Sql, bulkId: string): Promise<boolean> {
  const row = await sql('customer_sync')
    .where({ bulk_id: bulkId })
    .whereRaw(isWaiting)
    .whereRaw('bulk_seq = dirty_seq')
    .first('stripe_customer_id');
  return row !== undefined;
}

/** The dirty mark as it is now. */
export async function readDirtySeq(sql: Sql, stripeCustomerId: string): Promise<number | null> {
  const row: { dirty_seq: number } | undefined = await sql('customer_sync')
    .where({ stripe_customer_id: stripeCustomerId })
    .first('dirty_seq');
  return row?.dirty_seq ?? null;
}

/** Customers that a refresh reads, in the order of their ids. */
export async function listMarkedAfter(
  sql: Sql,
  bulkId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  return sql('customer_sync')
    .where({ bulk_id: bulkId })
    .where('stripe_customer_id', '>', after)
    .orderBy('stripe_customer_id')
    .limit(limit)
    .pluck('stripe_customer_id');
}
