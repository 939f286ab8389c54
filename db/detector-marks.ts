import type { Sql } from './connection.ts';

export type DetectorMarkRow = {
  name: string;
  mark: string;
  /** When this was written. */
  looked_at: number;
  /** Up to when everything was looked at; null where that is not asked. */
  seen_until: number | null;
};

/** How far a detector has looked; undefined when it never did. */
export async function findMark(sql: Sql, name: string): Promise<DetectorMarkRow | undefined> {
  return sql<DetectorMarkRow>('detector_marks').where({ name }).first();
}

export async function writeMark(sql: Sql, row: DetectorMarkRow): Promise<void> {
  await sql('detector_marks').insert(row).onConflict('name').merge();
}
