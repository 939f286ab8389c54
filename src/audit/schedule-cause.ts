import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';

/** The cause of what the audit's own workers tell. */
export function scheduleCause(now: number, reason: string): Cause {
  return {
    actor: scheduleActor,
    surface: 'job',
    correlationId: newCorrelationId(now),
    reason,
    ticket: null,
    runId: null,
    now,
  };
}
