import { isBulkReading } from './bulk-marks.ts';
import { engineOf, type Sql } from './connection.ts';

export type CustomerSyncRow = {
  stripe_customer_id: string;
  dirty_seq: number;
  synced_seq: number;
  lease_token: string | null;
  lease_until: number;
  next_attempt_at: number;
  attempts: number;
  priority: number;
  last_error: string | null;
  synced_at: number | null;
  /** The bulk refresh that reads this customer, and the dirty mark that its reading comes after. */
  bulk_id: string | null;
  bulk_seq: number | null;
};

/** Something about this Stripe customer may have changed: a worker must look again. */
export async function markDirty(sql: Sql, stripeCustomerId: string, priority: number): Promise<void> {
  await sql('customer_sync')
    .insert({
      stripe_customer_id: stripeCustomerId,
      dirty_seq: 1,
      synced_seq: 0,
      next_attempt_at: 0,
      priority,
    })
    .onConflict('stripe_customer_id')
    .merge({
      dirty_seq: sql.raw('customer_sync.dirty_seq + 1'),
      // Whoever asks for a look does not wait for the back-off of the last one.
      next_attempt_at: 0,
      priority: sql.raw('case when customer_sync.priority < ? then customer_sync.priority else ? end', [
        priority,
        priority,
      ]),
    });
}

/**
 * Takes the most urgent customers that need a look, with one lease: until it ends nobody else works on them, and a
 * worker that outlives its lease cannot commit. The outer predicate is repeated, so that of two claims one wins.
 */
export async function claimSyncs(
  sql: Sql,
  token: string,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<CustomerSyncRow[]> {
  const next = sql('customer_sync')
    .select('stripe_customer_id')
    .whereRaw('dirty_seq > synced_seq')
    .where('lease_until', '<', now)
    .where('next_attempt_at', '<=', now)
    .orderBy(['priority', 'next_attempt_at', 'stripe_customer_id'])
    .limit(limit);
  // What a refresh reads of whoever was heard of since is worth nothing: they do not wait for it.
  if (await isBulkReading(sql)) next.whereRaw('(bulk_id is null or bulk_seq <> dirty_seq)');
  const isPostgres = engineOf(sql) === 'postgres';
  if (isPostgres) next.forUpdate().skipLocked();
  // As an array it is read once, whatever plan Postgres makes: read again, it would skip what it has just locked.
  const isAmong = isPostgres ? 'stripe_customer_id = any(array(?))' : 'stripe_customer_id in (?)';
  const claimed: CustomerSyncRow[] = await sql('customer_sync')
    .whereRaw(isAmong, [next])
    .whereRaw('dirty_seq > synced_seq')
    .where('lease_until', '<', now)
    .update({ lease_token: token, lease_until: leaseUntil })
    .returning('*');
  return claimed.sort(byUrgency);
}

/** What an update returns comes in no order. */
function byUrgency(one: CustomerSyncRow, other: CustomerSyncRow): number {
  return (
    one.priority - other.priority ||
    one.next_attempt_at - other.next_attempt_at ||
    (one.stripe_customer_id < other.stripe_customer_id ? -1 : 1)
  );
}

/**
 * Keeps a lease alive while its worker waits for Stripe. One that was lost stays lost. A row that somebody holds at this
 * moment, most often this worker's own commit, is not waited for: it has two more renewals before its lease ends.
 */
export async function renewLeases(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  token: string,
  until: number,
): Promise<void> {
  const ours = leased(sql, stripeCustomerIds, token);
  if (engineOf(sql) === 'postgres') ours.skipLocked();
  await sql('customer_sync')
    .whereIn('stripe_customer_id', ours)
    .where({ lease_token: token })
    .update({ lease_until: until });
}

/** Whom nobody has begun with: the next one may have them at once. */
export async function giveBack(sql: Sql, stripeCustomerIds: readonly string[], token: string): Promise<void> {
  if (stripeCustomerIds.length === 0) return;
  await sql('customer_sync')
    .whereIn('stripe_customer_id', leased(sql, stripeCustomerIds, token))
    .where({ lease_token: token })
    .update({ lease_token: null, lease_until: 0 });
}

/** Those of them that have this lease, on Postgres held in the order in which everybody holds them. */
function leased(sql: Sql, stripeCustomerIds: readonly string[], token: string) {
  const ours = sql('customer_sync')
    .select('stripe_customer_id')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .where({ lease_token: token });
  if (engineOf(sql) === 'postgres') ours.orderBy('stripe_customer_id').forUpdate();
  return ours;
}

/** Ends a pass; false when the lease was lost, and then nothing of the pass may be kept. */
export async function finishSync(
  sql: Sql,
  stripeCustomerId: string,
  token: string,
  result: { syncedSeq: number; now: number; againAt: number | null },
): Promise<boolean> {
  const changed = await sql('customer_sync')
    .where({ stripe_customer_id: stripeCustomerId, lease_token: token })
    .update({
      synced_seq: result.syncedSeq,
      synced_at: result.now,
      lease_token: null,
      lease_until: 0,
      attempts: 0,
      priority: 9,
      last_error: null,
      bulk_id: null,
      bulk_seq: null,
      next_attempt_at: result.againAt ?? 0,
      // Something of this pass failed and wants another: stay dirty.
      ...(result.againAt === null ? {} : { dirty_seq: sql.raw('dirty_seq + 1') }),
    });
  return changed === 1;
}

/** Gives a failed pass back, to be tried again later; a lost lease is not ours to give. */
export async function postponeSync(
  sql: Sql,
  stripeCustomerId: string,
  token: string,
  until: number,
  error: string,
): Promise<void> {
  await sql('customer_sync')
    .where({ stripe_customer_id: stripeCustomerId, lease_token: token })
    .update({
      lease_token: null,
      lease_until: 0,
      next_attempt_at: until,
      attempts: sql.raw('attempts + 1'),
      last_error: error,
      // The next try asks Stripe anew.
      bulk_id: null,
      bulk_seq: null,
    });
}

/** Holds the row for a commit and says whether the lease is still this worker's. */
export async function holdsLease(sql: Sql, stripeCustomerId: string, token: string): Promise<boolean> {
  const query = sql('customer_sync')
    .where({ stripe_customer_id: stripeCustomerId, lease_token: token })
    .first('lease_token');
  return (await (engineOf(sql) === 'postgres' ? query.forUpdate() : query)) !== undefined;
}

/** Whether something of this customer waits to be looked at: what is known of them may be old. */
export async function isDirty(sql: Sql, customerId: string): Promise<boolean> {
  const row = await sql('customer_sync as s')
    .join('customer_links as l', 'l.stripe_customer_id', 's.stripe_customer_id')
    .where('l.customer_id', customerId)
    .whereNot('l.status', 'removed')
    .whereRaw('s.dirty_seq > s.synced_seq')
    .first('s.stripe_customer_id');
  return row !== undefined;
}

export async function countDirty(sql: Sql): Promise<number> {
  const row = await sql('customer_sync').whereRaw('dirty_seq > synced_seq').count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}
