import { lowestId } from '#src/core/ids.ts';
import type { Sql } from './connection.ts';
import { customersUnderHold } from './evidence-bundles.ts';

const ended = ['sent', 'folded', 'dead'];

/**
 * Whose cause may be found again however late, so that only the row keeps it from being told twice: an invoice that
 * stays open, a dispute or an incident that goes on. They are few. Every other key names a row that changes once, a
 * run, or an id made for the occasion.
 */
const foundAgain = ['no_more_tries:', 'dispute-', 'incident-room', 'incident-ask:'];

function endedBefore(sql: Sql, before: number) {
  const query = sql('outbox as o').where('o.id', '<', lowestId('out', before)).whereIn('o.state', ended);
  for (const key of foundAgain) query.whereRaw('o.dedupe_key not like ?', [`${key}%`]);
  return query.orderBy('o.id');
}

function auditOf(sql: Sql) {
  return sql('audit_events as a').whereRaw('a.correlation_id = o.correlation_id').select(sql.raw('1'));
}

/**
 * A part of the old messages behind that id: those that belong to nothing done to a customer may go, since no dispute
 * asks for them.
 *
 * @returns the last id that was looked at; null when there are no more
 */
export async function listOldMessages(
  sql: Sql,
  after: string,
  before: number,
  limit: number,
): Promise<{ last: string | null; ids: string[] }> {
  const page: string[] = await endedBefore(sql, before).where('o.id', '>', after).limit(limit).pluck('o.id');
  const last = page.length < limit ? null : (page.at(-1) ?? null);
  const ids: string[] = await sql('outbox as o')
    .whereIn('o.id', page)
    .whereNotExists(auditOf(sql).whereNotNull('a.customer_id'))
    .pluck('o.id');
  return { last, ids };
}

export async function deleteMessages(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql('outbox')
    .whereIn('id', [...ids])
    .whereIn('state', ended)
    .delete();
}

/** What is too old for any dispute; nothing of a customer under legal hold. Returns how many. */
export async function deleteMessagesBefore(sql: Sql, before: number, limit: number): Promise<number> {
  const ids: string[] = await endedBefore(sql, before)
    .whereNotExists(auditOf(sql).whereIn('a.customer_id', customersUnderHold(sql)))
    .limit(limit)
    .pluck('o.id');
  await deleteMessages(sql, ids);
  return ids.length;
}

/** Ended mails of graces that are over, by the same rule. Returns how many. */
export async function deleteMailsBefore(sql: Sql, before: number, limit: number): Promise<number> {
  const ids: string[] = await sql('mails')
    .where('id', '<', lowestId('mail', before))
    .where('ended_at', '<', before)
    .whereNotIn('customer_id', customersUnderHold(sql))
    .whereNotIn('grace_id', sql('grace_periods').where({ state: 'open' }).select('id'))
    .orderBy('id')
    .limit(limit)
    .pluck('id');
  return sql('mails').whereIn('id', ids).delete();
}
