import type { Sql } from './connection.ts';

export type RejectCount = { minuteAt: number; reason: string; count: number; detail: string };

/** Adds counts of refused deliveries to their minutes. */
export async function addRejects(sql: Sql, counts: readonly RejectCount[]): Promise<void> {
  for (const { minuteAt, reason, count, detail } of counts) {
    await sql('webhook_rejects')
      .insert({ minute_at: minuteAt, reason, count, last_detail: detail })
      .onConflict(['minute_at', 'reason'])
      .merge({ count: sql.raw('webhook_rejects.count + ?', [count]), last_detail: detail });
  }
}

export async function sumRejectsSince(sql: Sql, since: number): Promise<Record<string, number>> {
  const rows: { reason: string; total: number }[] = await sql('webhook_rejects')
    .where('minute_at', '>=', since)
    .groupBy('reason')
    .select('reason')
    .sum({ total: 'count' });
  return Object.fromEntries(rows.map((row) => [row.reason, Number(row.total)]));
}

export async function deleteRejectsBefore(sql: Sql, before: number): Promise<void> {
  await sql('webhook_rejects').where('minute_at', '<', before).delete();
}

/** Refused deliveries by minute and reason, each minute with the last detail. */
export async function listRejectsSince(sql: Sql, since: number): Promise<RejectCount[]> {
  const rows: { minute_at: number; reason: string; count: number; last_detail: string | null }[] = await sql(
    'webhook_rejects',
  )
    .where('minute_at', '>=', since)
    .orderBy('minute_at');
  return rows.map((row) => ({
    minuteAt: row.minute_at,
    reason: row.reason,
    count: Number(row.count),
    detail: row.last_detail ?? '',
  }));
}
