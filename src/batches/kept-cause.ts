import type { BatchRow } from '#db/batches.ts';
import type { Cause } from '#src/core/cause.ts';

/** Who asked, who approved, and why: kept with the batch, for it is theirs whenever it is carried out. */
type KeptCause = Pick<Cause, 'actor' | 'surface' | 'reason' | 'ticket' | 'approval' | 'breakGlass'>;

export function keepCause(cause: Cause): string {
  const { actor, surface, reason, ticket, approval, breakGlass } = cause;
  const kept: KeptCause = {
    actor,
    surface,
    reason,
    ticket,
    ...(approval ? { approval } : {}),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
  return JSON.stringify(kept);
}

export function causeOfBatch(batch: BatchRow, now: number): Cause {
  const kept: KeptCause = JSON.parse(batch.cause);
  return { ...kept, correlationId: batch.correlation_id, runId: batch.run_id, now };
}
