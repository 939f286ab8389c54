import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { staff } from './terminal-world.ts';
import { testStart } from './test-clock.ts';

/** A cause for calling the domain without a command. */
export function testCause(now = testStart, patch: Partial<Cause> = {}): Cause {
  return {
    actor: staff('admin'),
    surface: 'job',
    correlationId: newCorrelationId(now),
    reason: 'a test',
    ticket: null,
    runId: null,
    now,
    ...patch,
  };
}
