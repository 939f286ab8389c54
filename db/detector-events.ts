import type { Sql } from './connection.ts';
import type { StripeEventRow, StripeEventStatus } from './stripe-events.ts';

/** An event as a detector needs it; its payload can be a megabyte. */
export type EventFacts = Pick<
  StripeEventRow,
  | 'id'
  | 'type'
  | 'object_id'
  | 'stripe_customer_id'
  | 'status'
  | 'attempts'
  | 'dead_count'
  | 'error'
  | 'outcome'
  | 'received_at'
  | 'processed_at'
  | 'correlation_id'
>;

const facts = [
  'e.id',
  'e.type',
  'e.object_id',
  'e.stripe_customer_id',
  'e.status',
  'e.attempts',
  'e.dead_count',
  'e.error',
  'e.outcome',
  'e.received_at',
  'e.processed_at',
  'e.correlation_id',
];

/** As the partial index says it (migration create_team_notices). */
const isPaid =
  "e.type in ('invoice.paid', 'checkout.session.completed', 'checkout.session.async_payment_succeeded')";

/**
 * Whose events failed at least twice, and of whom nobody was told yet: one event in two tries, or several in passes of
 * their own. What failed in one pass failed once, however many events it had. The subject is the Stripe customer, or
 * the event where it names none.
 */
export async function listTwiceFailed(sql: Sql, kind: string, limit: number): Promise<string[]> {
  const subject = 'coalesce(e.stripe_customer_id, e.id)';
  const rows: { subject: string }[] = await sql('stripe_events as e')
    .whereIn('e.status', ['failed', 'dead'])
    .whereNotExists(
      sql('findings as f')
        .whereRaw('f.subject = coalesce(e.stripe_customer_id, e.id)')
        .where({ 'f.kind': kind, 'f.state': 'open' })
        .select(sql.raw('1')),
    )
    .groupByRaw(subject)
    .havingRaw('max(e.attempts) >= 2 or count(distinct e.failed_at) >= 2')
    .limit(limit)
    .select(sql.raw('coalesce(e.stripe_customer_id, e.id) as subject'));
  return rows.map((row) => row.subject);
}

/** Given up, replayed, and given up again; those of which nobody was told yet, each as what it is about. */
export async function listDeadAgain(sql: Sql, kind: string, limit: number): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .where('e.status', 'dead')
    .where('e.dead_count', '>=', 2)
    .whereNotExists(
      sql('findings as f')
        .whereRaw('f.subject = e.id')
        .where({ 'f.kind': kind, 'f.state': 'open' })
        .select(sql.raw('1')),
    )
    .orderBy('e.received_at')
    .limit(limit)
    .select(facts);
}

/** The failing events of these Stripe customers, or this one event; oldest first. */
export async function listFailedOf(
  sql: Sql,
  subjects: readonly string[],
  limit: number,
): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .whereIn('e.status', ['failed', 'dead'])
    .where((query) => query.whereIn('e.stripe_customer_id', [...subjects]).orWhereIn('e.id', [...subjects]))
    .orderBy('e.received_at')
    .limit(limit)
    .select(facts);
}

/** Of these Stripe customers, in these states. */
export async function listEventFacts(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  statuses: readonly StripeEventStatus[],
  limit: number,
): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .whereIn('e.stripe_customer_id', [...stripeCustomerIds])
    .whereIn('e.status', [...statuses])
    .orderBy('e.received_at', 'desc')
    .limit(limit)
    .select(facts);
}

/** How many of these events have not come to a good end. */
export async function countUnsettled(sql: Sql, ids: readonly string[]): Promise<number> {
  const row = await sql('stripe_events')
    .whereIn('id', [...ids])
    .whereNotIn('status', ['done', 'ignored', 'deferred', 'waiting'])
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

/** Events of money that were handled, behind one of them and up to a moment; in the order of their end. */
export async function listPaidHandled(
  sql: Sql,
  page: { after: { at: number; id: string }; until: number; limit: number },
): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .whereRaw(isPaid)
    .whereRaw('(e.processed_at, e.id) > (?, ?)', [page.after.at, page.after.id])
    .where('e.processed_at', '<=', page.until)
    .orderBy(['e.processed_at', 'e.id'])
    .limit(page.limit)
    .select(facts);
}

/**
 * Events of money of a known Stripe customer that intake set aside at once, as what nobody handles; behind one of them
 * and up to a moment. Intake writes the moment of arrival into `next_attempt_at`, too, which has the index.
 */
export async function listDroppedPaid(
  sql: Sql,
  page: { after: { at: number; id: string }; until: number; limit: number },
): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .whereIn('e.status', ['ignored', 'deferred'])
    .where('e.next_attempt_at', '>=', page.after.at)
    .where('e.next_attempt_at', '<=', page.until)
    .whereRaw('(e.next_attempt_at, e.id) > (?, ?)', [page.after.at, page.after.id])
    .whereRaw(isPaid)
    .whereNotNull('e.stripe_customer_id')
    .orderBy(['e.next_attempt_at', 'e.id'])
    .limit(page.limit)
    .select(facts);
}

export async function listEventsById(sql: Sql, ids: readonly string[]): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .whereIn('e.id', [...ids])
    .select(facts);
}

/** Events of money of these Stripe customers that were handled; newest first. */
export async function listPaidHandledOf(
  sql: Sql,
  stripeCustomerIds: readonly string[],
  until: number,
  limit: number,
): Promise<EventFacts[]> {
  return sql('stripe_events as e')
    .whereIn('e.stripe_customer_id', [...stripeCustomerIds])
    .whereRaw(isPaid)
    .whereNotNull('e.processed_at')
    .where('e.processed_at', '<=', until)
    .orderBy('e.processed_at', 'desc')
    .limit(limit)
    .select(facts);
}

/**
 * Received long ago, and no worker will ever look: its customer is not marked. Only the oldest are looked at, so that
 * a backlog costs nothing: those of a backlog are marked.
 */
export async function listLeftBehind(
  sql: Sql,
  before: number,
  limit: number,
  stripeCustomerIds?: readonly string[],
): Promise<EventFacts[]> {
  const oldest = sql('stripe_events')
    .where({ status: 'received' })
    .where('next_attempt_at', '<=', before)
    .whereNotNull('stripe_customer_id')
    .orderBy('next_attempt_at')
    .limit(limit)
    .select(facts.map((name) => name.slice('e.'.length)));
  if (stripeCustomerIds) oldest.whereIn('stripe_customer_id', [...stripeCustomerIds]);
  return sql
    .from(oldest.as('e'))
    .leftJoin('customer_sync as s', 's.stripe_customer_id', 'e.stripe_customer_id')
    .whereRaw('coalesce(s.dirty_seq, 0) <= coalesce(s.synced_seq, 0)')
    .where('e.received_at', '<=', before)
    .select(facts);
}

/** What an event was said to bring, where only its payload says it. */
export async function readPayload(sql: Sql, id: string): Promise<string | null> {
  const row = await sql('stripe_events').where({ id }).first('payload');
  return row?.payload ?? null;
}
