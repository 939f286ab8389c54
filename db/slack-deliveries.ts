import type { Sql } from './connection.ts';

/** True for the first time that this delivery is seen; a replay or redelivery gets false. */
export async function takeSlackDelivery(sql: Sql, key: string, now: number): Promise<boolean> {
  const inserted = await sql('slack_deliveries')
    .insert({ key, received_at: now })
    .onConflict('key')
    .ignore()
    .returning('key');
  return inserted.length > 0;
}

export async function saveSlackAnswer(sql: Sql, key: string, answer: string): Promise<void> {
  await sql('slack_deliveries').where({ key }).update({ answer });
}

export async function findSlackAnswer(sql: Sql, key: string): Promise<string | null> {
  const row: { answer: string | null } | undefined = await sql('slack_deliveries')
    .where({ key })
    .first('answer');
  return row?.answer ?? null;
}

export async function deleteSlackDeliveriesBefore(sql: Sql, before: number): Promise<void> {
  await sql('slack_deliveries').where('received_at', '<', before).delete();
}
