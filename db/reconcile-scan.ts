import type { Sql } from './connection.ts';

/** What Lucy has of one subscription on a page: the mirror, its latest invoice, whose it is, and what they may use. */
export type MirrorRow = OwnerFacts & {
  id: string;
  mode: string;
  status: string;
  items: string;
  pause_behavior: string | null;
  cancel_at: number | null;
  ended_at: number | null;
  latest_invoice_id: string | null;
  gone_at: number | null;
  created_at: number;
  stripe_customer_id: string;
  /** Null: linked to nobody. */
  customer_id: string | null;
  paid_status: string | null;
  credits_granted: number | null;
  paid_at: number | null;
};

type OwnerFacts = {
  tier: string | null;
  access: string | null;
  source: string | null;
  source_ref: string | null;
};

export type OwnerRow = OwnerFacts & { stripe_customer_id: string; customer_id: string };

export type BookedRow = { id: string; status: string; credits_granted: number; paid_at: number | null };

/** All that there is of the subscriptions with these ids, in one question. */
export async function listMirrored(sql: Sql, ids: readonly string[]): Promise<MirrorRow[]> {
  return sql('subscriptions as s')
    .leftJoin('customer_links as l', (join) =>
      join.on('l.stripe_customer_id', 's.stripe_customer_id').andOnVal('l.status', '<>', 'removed'),
    )
    .leftJoin('entitlements as e', 'e.customer_id', 'l.customer_id')
    .leftJoin('payments as p', 'p.id', 's.latest_invoice_id')
    .whereIn('s.id', [...ids])
    .select(
      's.id',
      's.mode',
      's.status',
      's.items',
      's.pause_behavior',
      's.cancel_at',
      's.ended_at',
      's.latest_invoice_id',
      's.gone_at',
      's.created_at',
      's.stripe_customer_id',
      'l.customer_id',
      'e.tier',
      'e.access',
      'e.source',
      'e.source_ref',
      'p.status as paid_status',
      'p.credits_granted',
      'p.paid_at',
    );
}

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

/** Whole seconds in milliseconds: `from` is in it, `before` is not. */
type Span = { from: number; before: number };

/** How many subscriptions of ours were made in this time. */
export async function countMadeBetween(sql: Sql, mode: string, { from, before }: Span): Promise<number> {
  const row = await madeBetween(sql, mode, { from, before }).count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

/** Those of them that are not over and that Stripe did not show. */
export async function listUnseen(
  sql: Sql,
  mode: string,
  span: Span,
  seen: readonly string[],
): Promise<{ id: string; stripe_customer_id: string; fetched_at: number }[]> {
  return madeBetween(sql, mode, span)
    .whereNotIn('id', [...seen])
    .whereNotIn('status', ['canceled', 'incomplete_expired'])
    .orderBy('id')
    .limit(10_000)
    .select('id', 'stripe_customer_id', 'fetched_at');
}

function madeBetween(sql: Sql, mode: string, { from, before }: Span) {
  return sql('subscriptions')
    .where({ mode })
    .whereNull('gone_at')
    .where('created_at', '>=', from)
    .where('created_at', '<', before);
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
