import type { Sql } from '#db/connection.ts';
import { findMadeAt } from '#db/reconcile-mirror.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import type { Range } from './split.ts';

/** What a page of Stripe's lists holds. */
const ROWS = 100;
/** A part of fewer pages would end before the next is begun. */
const PAGES_LEAST = 2;

/**
 * Divides a list before anything of it was read, newest first, by what is mirrored of it here: into parts that are about
 * equally long, and that end where a page ends. As far as the mirror is right, no page of the whole list but the last is
 * short, nobody waits for somebody else's first page, and all come to their ends together. Where it is wrong a part
 * takes a page more. Without a mirror it is one part, which is divided when it is read (`split.ts`).
 *
 * @param list `mirrored`: how many of them there are here
 * @param parts how many there shall be at most
 */
export async function planParts(
  sql: Sql,
  list: { mode: string; mirrored: number } & Range,
  parts: number,
): Promise<Range[]> {
  const pages = Math.max(PAGES_LEAST, Math.ceil(list.mirrored / ROWS / parts));
  const ranges: Range[] = [];
  let before = list.before;
  while (ranges.length < parts - 1) {
    const next = await findMadeAt(sql, { mode: list.mode, from: list.from, before, behind: pages * ROWS });
    if (next === null) break;
    // The second of the one who would not fit begins the next part, unless it fills this one alone.
    const from = Math.floor(next / SECOND_MS) * SECOND_MS + SECOND_MS;
    if (from >= before) break;
    ranges.push({ from, before });
    before = from;
  }
  return [...ranges, { from: list.from, before }];
}
