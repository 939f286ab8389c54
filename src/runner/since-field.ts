import { parseDuration, parseTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import { optionalTextField } from './fields.ts';

/** How far to look back: a span such as 24h, or a moment. Resolved by `pastMoment`. */
export const sinceField = optionalTextField(40, {
  label: 'Since',
  placeholder: '24h',
  hint: '24h, 7d, or a date such as 2026-11-21; 24h when empty',
});

/** The moment that was given under this input, or so long ago as `fallbackMs`; refuses what is no moment, or is not past. */
export function pastMoment(name: string, value: string | undefined, now: number, fallbackMs: number): number {
  if (value === undefined) return now - fallbackMs;
  const span = parseDuration(value);
  const at = span === null ? parseTime(value) : now - span;
  if (at === null)
    throw fieldError(
      name,
      `“${value}” is neither a span nor a date.`,
      'Give 24h, 7d or a date such as 2026-11-21.',
    );
  if (at > now) throw fieldError(name, `“${value}” is not past.`, 'Give a moment that has been.');
  return at;
}
