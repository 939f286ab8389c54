import type { Sql } from './connection.ts';
import type { EventSummary } from './stripe-event-reports.ts';
import type { StripeEventRow, StripeEventStatus } from './stripe-events.ts';

/** Many events replayed by one run; its events are those that carry its correlation id. */
export type WebhookReplayRow = {
  run_id: string;
  correlation_id: string;
  requested_by: string;
  total: number;
  /** How many of them came to an end. */
  settled: number;
  version: number;
  state: 'running' | 'done';
  started_at: number;
  ended_at: number | null;
};

export async function insertReplay(sql: Sql, row: WebhookReplayRow): Promise<void> {
  await sql('webhook_replays').insert(row);
}

export async function findReplay(sql: Sql, runId: string): Promise<WebhookReplayRow | undefined> {
  return sql<WebhookReplayRow>('webhook_replays').where({ run_id: runId }).first();
}

export async function findLastReplay(sql: Sql): Promise<WebhookReplayRow | undefined> {
  return sql<WebhookReplayRow>('webhook_replays').orderBy('started_at', 'desc').first();
}

export async function listRunningReplays(sql: Sql, limit: number): Promise<WebhookReplayRow[]> {
  return sql<WebhookReplayRow>('webhook_replays')
    .where({ state: 'running' })
    .orderBy('started_at')
    .limit(limit);
}

/** False when somebody else was quicker. */
export async function updateReplay(
  sql: Sql,
  seen: WebhookReplayRow,
  patch: Pick<WebhookReplayRow, 'settled' | 'state' | 'ended_at'>,
): Promise<boolean> {
  const changed = await sql('webhook_replays')
    .where({ run_id: seen.run_id, version: seen.version, state: 'running' })
    .update({ ...patch, version: seen.version + 1 });
  return changed === 1;
}

/** How many of a replay's events are in which state; one that a later replay took over is no longer among them. */
export async function countReplayed(
  sql: Sql,
  correlationId: string,
): Promise<Partial<Record<StripeEventStatus, number>>> {
  const rows: { status: StripeEventStatus; total: number }[] = await sql('stripe_events')
    .where({ correlation_id: correlationId })
    .groupBy('status')
    .select('status')
    .count({ total: '*' });
  return Object.fromEntries(rows.map((row) => [row.status, Number(row.total)]));
}

/** The last ones of a replay that something became of, newest first. */
export async function listReplayed(
  sql: Sql,
  correlationId: string,
  limit: number,
): Promise<(EventSummary & Pick<StripeEventRow, 'processed_at'>)[]> {
  return sql('stripe_events')
    .where({ correlation_id: correlationId })
    .orderByRaw('case when processed_at is null then 1 else 0 end')
    .orderBy([{ column: 'processed_at', order: 'desc' }, { column: 'id' }])
    .limit(limit)
    .select(
      'id',
      'type',
      'status',
      'source',
      'delivery_count',
      'received_at',
      'error',
      'outcome',
      'processed_at',
    );
}

export async function deleteReplaysBefore(sql: Sql, before: number): Promise<number> {
  return sql('webhook_replays').where({ state: 'done' }).where('started_at', '<', before).delete();
}
