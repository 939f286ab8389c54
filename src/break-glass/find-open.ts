import { type BreakGlassRow, findGlassInForce } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { clockTime } from './clock-time.ts';

/**
 * The break-glass that lets this person do now what otherwise needs a second one. It is over at its last millisecond
 * whether or not a worker runs; in a transaction nobody can end it before what rests on it is written down.
 */
export async function findOpenGlass(
  sql: Sql,
  person: string,
  now: number,
): Promise<BreakGlassRow | undefined> {
  return findGlassInForce(sql, person, now);
}

/** What previews and receipts say of what goes through under it. */
export function glassNotice(glass: BreakGlassRow, now: number): string {
  return `Break-glass by ${glass.actor_name} until ${clockTime(glass.ends_at, now)}: this goes through without a second person and will be reviewed.`;
}
