import { type OutboxRow, settleOutbox } from '#db/outbox.ts';
import { SendFailure, type SendProblem } from './announcer.ts';
import type { OutboxDeps } from './deliver.ts';
import { mayHaveGone, UNSURE } from './footnote.ts';
import { tellTrouble } from './trouble.ts';
import { verdictOf } from './verdict.ts';

/** Why it did not go out. */
export function problemOf(error: unknown): SendProblem {
  if (error instanceof SendFailure) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  // A defect of ours, met again at every try: the message's own fault as far as the queue is concerned.
  return { kind: 'refused', code: message.slice(0, 200), blame: 'message' };
}

/** Waits, or is given up; people are told of what only they can mend. */
export async function postpone(
  deps: OutboxDeps,
  target: string,
  head: OutboxRow,
  token: string,
  problem: SendProblem,
): Promise<{ isDead: boolean }> {
  const now = deps.clock.now();
  const attempts = head.attempts + 1;
  const verdict = verdictOf(problem, { attempts, ageMs: now - head.created_at }, deps.random ?? Math.random);
  const word =
    problem.kind === 'refused'
      ? problem.code
      : problem.kind === 'rate_limited'
        ? problem.kind
        : problem.message;
  const isUnsure = problem.kind === 'unsure' || (mayHaveGone(head) && problem.kind !== 'refused');
  await settleOutbox(deps.database.knex, head.id, token, {
    state: verdict.isDead ? 'dead' : 'pending',
    next_attempt_at: now + verdict.pauseMs,
    error: `${isUnsure ? UNSURE : ''}${word}`,
  });
  const facts = { correlationId: head.correlation_id, message: head.id, target, problem: word, attempts };
  if (verdict.isDead) deps.log.error({ event: 'message_dead', ...facts }, 'A message was given up');
  else deps.log.warn({ event: 'message_postponed', ...facts, pauseMs: verdict.pauseMs }, 'A message waits');
  if (verdict.isTold && problem.kind === 'refused') await tellTrouble(deps, target, head, problem);
  return { isDead: verdict.isDead };
}
