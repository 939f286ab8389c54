import { formatUtc } from '#src/core/clock.ts';

/** `14:30 UTC` on the same day, with its date on any other. */
export function clockTime(at: number, now: number): string {
  const [day = '', ...time] = formatUtc(at).split(' ');
  return formatUtc(now).startsWith(day) ? time.join(' ') : formatUtc(at);
}
