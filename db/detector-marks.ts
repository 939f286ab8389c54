import type { Sql } from './connection.ts';

/** How far a detector has looked; null when it never did. */
export async function readMark(sql: Sql, name: string): Promise<string | null> {
  const row: { mark: string } | undefined = await sql('detector_marks').where({ name }).first('mark');
  return row?.mark ?? null;
}

export async function writeMark(sql: Sql, name: string, mark: string, now: number): Promise<void> {
  await sql('detector_marks').insert({ name, mark, looked_at: now }).onConflict('name').merge();
}
