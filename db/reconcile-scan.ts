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

/** Our subscriptions of the other mode, in the order of their ids. */
export async function listOtherMode(
  sql: Sql,
  mode: string,
  after: string | null,
  limit: number,
): Promise<{ id: string; stripe_customer_id: string }[]> {
  const query = sql('subscriptions')
    .whereNull('gone_at')
    .whereNot({ mode })
    .orderBy('id')
    .limit(limit)
    .select('id', 'stripe_customer_id');
  if (after !== null) query.where('id', '>', after);
  return query;
}

/**
 * Who may use something that no subscription of ours gives, in the order of their ids. Those whose subscription is here
 * were compared with Stripe page by page.
 */
export async function listEntitledByNothing(
  sql: Sql,
  wanted: { lowest: string; mode: string; before: number; after: string | null; limit: number },
): Promise<{ customer_id: string }[]> {
  const query = sql('entitlements as e')
    .leftJoin('subscriptions as s', (join) =>
      join.on('s.id', 'e.source_ref').andOnNull('s.gone_at').andOnVal('s.mode', wanted.mode),
    )
    .whereNot('e.tier', wanted.lowest)
    .whereIn('e.source', ['subscription', 'default'])
    .whereNull('s.id')
    .where('e.updated_at', '<', wanted.before)
    .orderBy('e.customer_id')
    .limit(wanted.limit)
    .select('e.customer_id');
  if (wanted.after !== null) query.where('e.customer_id', '>', wanted.after);
  return query;
}

/** What happened to a Stripe customer's data here lately: work that waits, and when something last moved. */
export async function readUnrest(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  customerId: string | null,
): Promise<{ isDirty: boolean; movedAt: number }> {
  const dirty = await sql('customer_sync')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .whereRaw('dirty_seq > synced_seq')
    .first('stripe_customer_id');
  const synced = await sql('customer_sync')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .max({ at: 'synced_at' })
    .first();
  const received = await sql('stripe_events')
    .whereIn('stripe_customer_id', [...stripeCustomerIds])
    .max({ at: 'received_at' })
    .first();
  const entitled = customerId
    ? await sql('entitlements').where({ customer_id: customerId }).first('updated_at')
    : undefined;
  const moments = [synced?.at, received?.at, entitled?.updated_at].map((at) => Number(at ?? 0));
  return { isDirty: dirty !== undefined, movedAt: Math.max(...moments) };
}
