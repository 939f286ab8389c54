import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { lookableId } from '#src/core/correlation.ts';
import type { LogAnswer } from '#src/gateways/log-index.ts';
import type { SentryAnswer } from '#src/gateways/sentry-issues.ts';
import type { Telemetry } from '#src/gateways/telemetry.ts';

/** What the log index and Sentry said. `unasked`: there was nothing to ask for. */
export type Elsewhere = {
  ids: string[];
  from: number;
  to: number;
  logs: LogAnswer | { kind: 'unasked' };
  sentry: SentryAnswer | { kind: 'unasked' };
};

/** Indexes refuse, or take minutes for, more than some weeks; what is asked about is rarely older than a few days. */
const SPAN_MAX_MS = 7 * DAY_MS;
const IDS_MAX = 20;

/** The span from the first to the last of what is known, and some time around; the last days where nothing is. */
export function spanAround(
  moments: readonly number[],
  windowMs: number,
  now: number,
): { from: number; to: number } {
  if (moments.length === 0) return { from: now - SPAN_MAX_MS, to: now };
  const to = Math.min(Math.max(...moments) + windowMs, now + HOUR_MS);
  return { from: Math.max(Math.min(...moments) - windowMs, to - SPAN_MAX_MS), to };
}

/**
 * Asks both at once; neither throws nor takes longer than a few seconds. The log is searched by ids only; Sentry also by
 * time, where a moment is known.
 */
export async function askElsewhere(
  telemetry: Telemetry,
  question: { ids: readonly string[]; from: number; to: number; mayAskByTime: boolean },
): Promise<Elsewhere> {
  const { from, to, mayAskByTime } = question;
  const ids = question.ids.filter((id) => lookableId.test(id)).slice(0, IDS_MAX);
  const isAsked = ids.length > 0;
  const [logs, sentry] = await Promise.all([
    isAsked ? telemetry.logs.read({ ids, from, to }) : ({ kind: 'unasked' } as const),
    isAsked || mayAskByTime ? telemetry.sentry.find({ ids, from, to }) : ({ kind: 'unasked' } as const),
  ]);
  return { ids, from, to, logs, sentry };
}
