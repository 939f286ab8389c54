import type { Sql } from './connection.ts';
import type { StripeEventRow, StripeEventStatus } from './stripe-events.ts';

/** What a report needs of an event; its payload can be a megabyte. */
export type EventSummary = Pick<
  StripeEventRow,
  'id' | 'type' | 'status' | 'source' | 'delivery_count' | 'received_at' | 'error' | 'outcome'
>;

const summary = ['id', 'type', 'status', 'source', 'delivery_count', 'received_at', 'error', 'outcome'];

export async function summariseEvents(sql: Sql, ids: readonly string[]): Promise<EventSummary[]> {
  if (ids.length === 0) return [];
  return sql('stripe_events')
    .whereIn('id', [...ids])
    .select(summary);
}

export type TypeCount = { type: string; status: StripeEventStatus; count: number; since: number };

/** How many events of these states came since, by type, and when the first of them came. */
export async function countEventsByType(
  sql: Sql,
  statuses: readonly StripeEventStatus[],
  since: number,
): Promise<TypeCount[]> {
  const rows: { type: string; status: StripeEventStatus; total: number; first: number }[] = await sql(
    'stripe_events',
  )
    .whereIn('status', [...statuses])
    .where('received_at', '>=', since)
    .groupBy('type', 'status')
    .orderBy('type')
    .select('type', 'status')
    .count({ total: '*' })
    .min({ first: 'received_at' });
  return rows.map(({ type, status, total, first }) => ({
    type,
    status,
    count: Number(total),
    since: Number(first),
  }));
}

/** Events of these states, oldest first. `type` may end in `*`. */
export async function listEventsInState(
  sql: Sql,
  wanted: { statuses: readonly StripeEventStatus[]; since: number; type?: string | undefined; limit: number },
): Promise<StripeEventRow[]> {
  const query = sql<StripeEventRow>('stripe_events')
    .whereIn('status', [...wanted.statuses])
    .where('received_at', '>=', wanted.since);
  const { type } = wanted;
  if (type?.endsWith('*')) query.whereRaw('substr(type, 1, ?) = ?', [type.length - 1, type.slice(0, -1)]);
  else if (type !== undefined) query.where({ type });
  return query.orderBy(['received_at', 'id']).limit(wanted.limit);
}

/** When the last webhook came; null when none ever did. */
export async function lastWebhookAt(sql: Sql): Promise<number | null> {
  const row = await sql<StripeEventRow>('stripe_events')
    .where({ source: 'webhook' })
    .orderBy('received_at', 'desc')
    .first('received_at');
  return row?.received_at ?? null;
}

/** The newest event that was handled: when it came, and when it was done. */
export async function lastHandled(
  sql: Sql,
): Promise<{ id: string; received_at: number; processed_at: number } | undefined> {
  return sql('stripe_events')
    .where({ status: 'done' })
    .whereNotNull('processed_at')
    .orderBy([
      { column: 'received_at', order: 'desc' },
      { column: 'processed_at', order: 'desc' },
    ])
    .first('id', 'received_at', 'processed_at');
}

/** How many wait for their turn, and since when the first does. */
export async function measureQueue(sql: Sql): Promise<{ count: number; since: number | null }> {
  const row = await sql('stripe_events')
    .where({ status: 'received' })
    .count({ total: '*' })
    .min({ first: 'received_at' })
    .first();
  return { count: Number(row?.total ?? 0), since: row?.first == null ? null : Number(row.first) };
}

/** What came by webhook since, by the slot of the secret that had signed it. */
export async function countAcceptedBySlot(sql: Sql, since: number): Promise<Map<number, number>> {
  const rows: { secret_slot: number; total: number }[] = await sql('stripe_events')
    .where('received_at', '>=', since)
    .where({ source: 'webhook' })
    .whereNotNull('secret_slot')
    .groupBy('secret_slot')
    .select('secret_slot')
    .count({ total: '*' });
  return new Map(rows.map((row) => [Number(row.secret_slot), Number(row.total)]));
}

/** How many events came since, by the road on which they came. */
export async function countBySource(sql: Sql, since: number): Promise<Partial<Record<string, number>>> {
  const rows: { source: string; total: number }[] = await sql('stripe_events')
    .where('received_at', '>=', since)
    .groupBy('source')
    .select('source')
    .count({ total: '*' });
  return Object.fromEntries(rows.map((row) => [row.source, Number(row.total)]));
}

/** How many events came by no webhook since one came last: Lucy fetched them herself. */
export async function countFetchedSince(sql: Sql, since: number): Promise<number> {
  const row = await sql('stripe_events')
    .where('received_at', '>', since)
    .where({ source: 'poll' })
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}
