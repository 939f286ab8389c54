/** Milliseconds since 1970, UTC. The only source of time: everything else asks a clock, so tests can move it. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** `2026-11-21 09:30 UTC`, for surfaces that cannot show the reader's own time zone. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** ISO 8601 with seconds, for JSON and logs. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** Parses an ISO date or date-time; null when it is none. A date alone means its first moment, UTC. */
export function parseTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return null;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const withZone =
    text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(' ', 'T')}${hasZone ? '' : 'Z'}`;
  const at = Date.parse(withZone);
  return Number.isNaN(at) ? null : at;
}

/** `7d`, `48h`, `30m`, `3s` in milliseconds; null when it is none. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text);
  if (!match) return null;
  const units = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };
  const unit = units[match[2] as keyof typeof units];
  return Number(match[1]) * unit;
}

/** `30 days`, `36 hours`, `15 minutes`, `3 seconds`: in whole units, rounded up. */
export function spanWords(ms: number): string {
  const units = [
    [DAY_MS, 'day'],
    [HOUR_MS, 'hour'],
    [MINUTE_MS, 'minute'],
    [SECOND_MS, 'second'],
  ] as const;
  const [unitMs, word] = units.find(([size]) => ms >= 2 * size || ms === size) ?? [SECOND_MS, 'second'];
  const count = Math.ceil(ms / unitMs);
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}
