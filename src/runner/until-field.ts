import { DAY_MS, formatUtc, parseDuration, parseTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import { optionalTextField } from './fields.ts';

/** Beyond it a date is a slip of the finger, and no end is meant. */
const UNTIL_MAX_MS = 100 * 366 * DAY_MS;

/** A moment in the future: a date, a date-time, or a span such as 7d. Resolved by `futureMoment`. */
export const untilField = optionalTextField(40, {
  label: 'Until',
  placeholder: '7d, 48h or 2026-12-31',
  hint: 'Leave empty for no end',
});

/** The end that was given under this input, or null; refuses what is no moment, is past, or is absurdly far off. */
export function futureMoment(name: string, value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const at = momentOf(value, now);
  if (at === null) {
    const hint = 'Give 7d, 48h, 2w or a date such as 2026-12-31.';
    throw fieldError(name, `“${value}” is neither a date nor a span.`, hint);
  }
  if (at <= now) {
    const hint = 'Give a moment in the future, such as 7d or a later date.';
    throw fieldError(name, `${formatUtc(at)} is past.`, hint);
  }
  if (at > now + UNTIL_MAX_MS)
    throw fieldError(name, 'That is more than a hundred years off.', 'Leave it out for no end.');
  return at;
}

/** What was typed as a moment, past or future; null when it is none. A span counts from now. */
export function momentOf(value: string, now: number): number | null {
  const span = parseDuration(value);
  if (span !== null) return now + span;
  const at = parseTime(value);
  // A date alone means its whole day.
  return at !== null && value.length === 10 ? at + DAY_MS : at;
}
