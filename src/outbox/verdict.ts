import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import type { SendProblem } from './announcer.ts';
import { backOffMs } from './back-off.ts';

export type Verdict = {
  isDead: boolean;
  pauseMs: number;
  /** A person should learn of it. */
  isTold: boolean;
};

/** A message that Slack refuses for its own sake is given up soon, so that those behind it flow. */
const MESSAGE_ATTEMPTS_MAX = 3;
/** A channel or token that refuses is mended by people: they are told after this, and what waits is kept. */
const TELL_AFTER_ATTEMPTS = 3;
const WAIT_FOR_PEOPLE_MS = 3 * DAY_MS;

/** What becomes of a message that could not be sent. */
export function verdictOf(
  problem: SendProblem,
  message: { attempts: number; ageMs: number },
  random: () => number,
): Verdict {
  if (problem.kind === 'rate_limited') return { isDead: false, pauseMs: problem.retryAfterMs, isTold: false };
  const pauseMs = backOffMs(message.attempts, random);
  if (problem.kind !== 'refused') return { isDead: false, pauseMs, isTold: false };
  if (problem.blame === 'message') {
    const isDead = message.attempts >= MESSAGE_ATTEMPTS_MAX;
    return { isDead, pauseMs, isTold: isDead };
  }
  return {
    isDead: message.ageMs > WAIT_FOR_PEOPLE_MS,
    pauseMs: Math.min(pauseMs, MINUTE_MS),
    isTold: message.attempts >= TELL_AFTER_ATTEMPTS,
  };
}
