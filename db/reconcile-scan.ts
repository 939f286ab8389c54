import type { Sql } from './connection.ts';
import type { OwnerFacts, Span } from './reconcile-mirror.ts';

export type OwnerRow = OwnerFacts & { stripe_customer_id: string; customer_id: string };

export type BookedRow = { id: string; status: string; credits_granted: number; paid_at: number | null };

/** Whose these Stripe customers are, and what each may use. */
export async function listOwners(sql: Sql, stripeCustomerIds: readonly string[]): Promise<OwnerRow[]> {
  return sql('customer_links as l')
    .leftJoin('entitlements as e', 'e.customer_id', 'l.customer_id')
    .whereIn('l.stripe_customer_id', [...stripeCustomerIds])
    .whereNot('l.status', 'removed')
    .select('l.stripe_customer_id', 'l.customer_id', 'e.tier', 'e.access', 'e.source', 'e.source_ref');
}

export async function listBooked(sql: Sql, paymentIds: readonly string[]): Promise<BookedRow[]> {
  if (paymentIds.length === 0) return [];
  return sql('payments')
    .whereIn('id', [...paymentIds])
    .select('id', 'status', 'credits_granted', 'paid_at');
}

/** What is booked of a payment, named by its payment intent or charge. */
export async function listRefundedOf(
  sql: Sql,
  named: { intents: readonly string[]; charges: readonly string[] },
): Promise<
  {
    id: string;
    stripe_customer_id: string | null;
    payment_intent_id: string | null;
    charge_id: string | null;
    amount_refunded: number;
    fetched_at: number;
  }[]
> {
  return sql('payments')
    .whereIn('payment_intent_id', [...named.intents])
    .orWhereIn('charge_id', [...named.charges])
    .select('id', 'stripe_customer_id', 'payment_intent_id', 'charge_id', 'amount_refunded', 'fetched_at');
}

/** Our subscriptions that were made in this time, are not over, and that Stripe did not show. */
export async function listUnseen(
  sql: Sql,
  mode: string,
  span: Span,
  seen: readonly string[],
): Promise<{ id: string; stripe_customer_id: string; fetched_at: number }[]> {
  return sql('subscriptions')
    .where({ mode })
    .whereNull('gone_at')
    .where('created_at', '>=', span.from)
    .where('created_at', '<', span.before)
    .whereNotIn('id', [...seen])
    .whereNotIn('status', ['canceled', 'incomplete_expired'])
    .orderBy('id')
    .limit(10_000)
    .select('id', 'stripe_customer_id', 'fetched_at');
}

export async function countMirrored(sql: Sql, mode: string): Promise<number> {
  const row = await sql('subscriptions').where({ mode }).whereNull('gone_at').count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

/** Some rows behind an id, in the order of ids, and the last id that was looked at; null behind the last of all. */
export type Slice<Row> = { rows: Row[]; last: string | null };

/** Our subscriptions of the other mode among the next ones. */
export async function listOtherMode(
  sql: Sql,
  mode: string,
  after: string | null,
  size: number,
): Promise<Slice<{ id: string; stripe_customer_id: string }>> {
  const last = await endOfSlice(sql, 'subscriptions', 'id', after, size);
  const query = sql('subscriptions')
    .whereNull('gone_at')
    .whereNot({ mode })
    .orderBy('id')
    .select('id', 'stripe_customer_id');
  if (after !== null) query.where('id', '>', after);
  if (last !== null) query.where('id', '<=', last);
  return { rows: await query, last };
}

/**
 * Who of the next ones may use something that no subscription of ours gives. Those whose subscription is here were
 * compared with Stripe page by page.
 */
export async function listEntitledByNothing(
  sql: Sql,
  wanted: { lowest: string; mode: string; before: number; after: string | null; size: number },
): Promise<Slice<{ customer_id: string }>> {
  const last = await endOfSlice(sql, 'entitlements', 'customer_id', wanted.after, wanted.size);
  const query = sql('entitlements as e')
    .leftJoin('subscriptions as s', (join) =>
      join.on('s.id', 'e.source_ref').andOnNull('s.gone_at').andOnVal('s.mode', wanted.mode),
    )
    .whereNot('e.tier', wanted.lowest)
    .whereIn('e.source', ['subscription', 'default'])
    .whereNull('s.id')
    .where('e.updated_at', '<', wanted.before)
    .orderBy('e.customer_id')
    .select('e.customer_id');
  if (wanted.after !== null) query.where('e.customer_id', '>', wanted.after);
  if (last !== null) query.where('e.customer_id', '<=', last);
  return { rows: await query, last };
}

/**
 * Found by the key alone, so that a question never reads more than a slice, however few rows of it match: SQLite answers
 * in the thread that answers Slack, too.
 */
async function endOfSlice(
  sql: Sql,
  table: string,
  key: string,
  after: string | null,
  size: number,
): Promise<string | null> {
  const query = sql(table)
    .orderBy(key)
    .limit(1)
    .offset(size - 1);
  if (after !== null) query.where(key, '>', after);
  return (await query.first(key))?.[key] ?? null;
}
