import { newId } from './ids.ts';

/** Follows one request through logs, runs, jobs, audit and replies. Time-ordered, because it is indexed everywhere. */
export function newCorrelationId(now: number): string {
  return newId('cor', now);
}

/**
 * What may be looked for in a log index or Sentry: a word such as “error” would find other people’s lines. Ids are long
 * and have a digit.
 */
export const lookableId = /^(?=[^\d]*\d)[\w.:-]{8,128}$/;
