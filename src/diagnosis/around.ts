import { parseDuration, parseTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';

/** `14:30` is today's, in UTC; else an ISO time. Milliseconds. */
export function momentOf(around: string, now: number): number {
  const isClock = /^([01]?\d|2[0-3]):[0-5]\d$/.test(around);
  const today = new Date(now).toISOString().slice(0, 10);
  const at = parseTime(isClock ? `${today}T${around.padStart(5, '0')}` : around);
  if (at !== null) return at;
  throw fieldError('around', `“${around}” is no time.`, 'Give 14:30 for today in UTC, or 2026-11-21T14:30.');
}

/** How far to look either way; milliseconds. */
export function windowOf(window: string | undefined, usual: number): number {
  if (window === undefined) return usual;
  const span = parseDuration(window);
  if (span !== null && span > 0) return span;
  throw fieldError('window', `“${window}” is no span of time.`, 'Give 30m, 6h or 2d.');
}
