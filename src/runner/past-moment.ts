import { DAY_MS, parseDuration, parseTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';

/** What the inputs `from` and `to` of a search look like. */
export const pastMomentMeta = {
  placeholder: '2026-11-21, 2026-11-21T14:30 or 7d',
  hint: 'UTC; 7d is seven days ago',
};

/** `7d` is seven days ago; a date alone begins with its first moment, and ends with its last. */
export function pastMoment(name: 'from' | 'to', text: string, now: number): number {
  const span = parseDuration(text);
  if (span !== null) return now - span;
  const at = parseTime(text);
  if (at === null)
    throw fieldError(
      name,
      `“${text}” is no moment.`,
      'Give 2026-11-21, 2026-11-21T14:30, or 7d for seven days ago.',
    );
  return name === 'to' && text.length === 10 ? at + DAY_MS - 1 : at;
}

/** @throws UserError when nothing can lie between them */
export function requireOrder(from: number | undefined, to: number | undefined): void {
  if (from !== undefined && to !== undefined && from > to)
    throw fieldError('to', 'The end is before the beginning.', 'Give a --to that is later than --from.');
}
