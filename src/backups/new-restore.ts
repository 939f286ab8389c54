import type { RestoreRow } from '#db/restores.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { keepCause } from './kept-cause.ts';

/** A restore, or a drill, that waits to begin. */
export function newRestore(
  cause: Cause,
  about: { kind: RestoreRow['kind']; backupId: string; file: string; reachedAt: number },
): RestoreRow {
  return {
    id: newId('rst', cause.now),
    run_id: cause.runId,
    kind: about.kind,
    backup_id: about.backupId,
    file: about.file,
    reached_at: about.reachedAt,
    step: 'asked',
    version: 1,
    facts: '{}',
    attempts: 0,
    next_attempt_at: cause.now,
    lease_token: null,
    lease_until: null,
    error: null,
    requested_by: cause.actor.name,
    cancelled_by: null,
    cause: keepCause(cause),
    correlation_id: cause.correlationId,
    created_at: cause.now,
    ended_at: null,
  };
}
