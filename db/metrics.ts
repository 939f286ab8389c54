import { HOUR_MS, SECOND_MS } from '#src/core/clock.ts';
import { lowestId } from '#src/core/ids.ts';
import type { Sql } from './connection.ts';

export type Count = { label: string; total: number };

/** Counts for dashboards, each from an index: none may cost more as the tables grow. */
export async function readMetrics(sql: Sql, now: number) {
  const since = now - HOUR_MS;
  return {
    eventsLastHour: await countBy(sql, sql('stripe_events').where('received_at', '>=', since), 'source'),
    eventsOpen: await countBy(
      sql,
      sql('stripe_events').whereIn('status', ['received', 'failed', 'dead', 'waiting', 'quarantined']),
      'status',
    ),
    rejectsLastHour: await sumBy(sql('webhook_rejects').where('minute_at', '>=', since)),
    entriesLastHour: await countBy(
      sql,
      sql('credit_entries').where('id', '>=', lowestId('led', since)),
      'type',
    ),
    outbox: await countBy(sql, sql('outbox').whereIn('state', ['pending', 'sending', 'dead']), 'state'),
    approvals: await countBy(sql, sql('approvals').where({ state: 'pending' }), 'state'),
    incidents: await countBy(
      sql,
      sql('incidents').whereNot({ state: 'resolved' }).whereNull('drill_id'),
      'state',
    ),
    detectorLag: await lagOfDetectors(sql, now),
    backups: await agesOfBackups(sql, now),
    findings: await countBy(sql, sql('findings').where({ state: 'open' }), 'kind'),
    effects: await countBy(
      sql,
      sql('stripe_effects').whereIn('state', ['queued', 'sending', 'unknown', 'sent']),
      'state',
    ),
  };
}

async function countBy(sql: Sql, query: ReturnType<Sql>, column: string): Promise<Count[]> {
  const rows: { label: string; total: number }[] = await query
    .groupBy(column)
    .select(sql.raw('?? as label', [column]))
    .count({ total: '*' });
  return rows.map(({ label, total }) => ({ label, total: Number(total) }));
}

/** How old the newest verified backup is. */
async function agesOfBackups(sql: Sql, now: number): Promise<Count[]> {
  const last = await sql('backups').where({ state: 'verified' }).max({ at: 'reached_at' }).first();
  return last?.at == null
    ? []
    : [{ label: 'verified', total: Math.max(0, Math.round((now - Number(last.at)) / SECOND_MS)) }];
}

/** How old what is not looked at yet may be; it grows, too, while a detector fails. */
async function lagOfDetectors(sql: Sql, now: number): Promise<Count[]> {
  const rows: { name: string; seen_until: number }[] = await sql('detector_marks')
    .whereNotNull('seen_until')
    .select('name', 'seen_until');
  return rows.map((row) => ({
    label: row.name,
    total: Math.max(0, Math.round((now - row.seen_until) / SECOND_MS)),
  }));
}

async function sumBy(query: ReturnType<Sql>): Promise<Count[]> {
  const rows: { reason: string; total: number }[] = await query
    .groupBy('reason')
    .select('reason')
    .sum({ total: 'count' });
  return rows.map(({ reason, total }) => ({ label: reason, total: Number(total) }));
}
