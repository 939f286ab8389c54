import { newId } from './ids.ts';

/** Follows one request through logs, runs, jobs, audit and replies. Time-ordered, because it is indexed everywhere. */
export function newCorrelationId(now: number): string {
  return newId('cor', now);
}

/** A caller's `X-Request-ID` is kept when it is harmless: 8 to 128 characters that cannot break a log line or a card. */
export function correlationIdFrom(header: string | undefined, now: number): string {
  return header && /^[A-Za-z0-9._:/+=-]{8,128}$/.test(header) ? header : newCorrelationId(now);
}
