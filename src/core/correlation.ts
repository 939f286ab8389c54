import { newId } from './ids.ts';

/** Follows one request through logs, runs, jobs, audit and replies. Time-ordered, because it is indexed everywhere. */
export function newCorrelationId(now: number): string {
  return newId('cor', now);
}
