import { SECOND_MS } from '#src/core/clock.ts';

export type Range = { from: number; before: number };

export const PARTS_MAX = 10;
/** A piece that is read in two pages or so is not worth dividing. */
const PAGES_WORTH = 2;

/**
 * Divides what is left of a range behind a full page, newest first, so that several may read side by side. Every
 * part ends with one page that need not be full, so with no more parts than full pages and two all of it never takes more
 * than twice the calls that it must.
 *
 * @param left from its beginning to the last thing read, milliseconds at whole seconds
 * @param page how many rows the last page had, and the time that they span
 * @param parts how many parts there are in all, and how many full pages were read
 * @returns at least one range; the first goes on behind the last thing read
 */
export function splitRange(
  left: Range,
  page: { rows: number; spanMs: number },
  parts: { now: number; fullPages: number },
): Range[] {
  const lengthMs = left.before - left.from;
  const pagesLeft = lengthMs / Math.max(page.spanMs, SECOND_MS);
  const wanted = Math.min(
    PARTS_MAX,
    Math.floor(pagesLeft / PAGES_WORTH),
    parts.fullPages + 2 - (parts.now - 1),
    Math.floor(lengthMs / (2 * SECOND_MS)),
  );
  if (wanted < 2) return [left];
  const stepMs = Math.ceil(lengthMs / wanted / SECOND_MS) * SECOND_MS;
  const ranges: Range[] = [];
  for (let before = left.before; before > left.from; before -= stepMs)
    ranges.push({ from: Math.max(left.from, before - stepMs), before });
  return ranges;
}
