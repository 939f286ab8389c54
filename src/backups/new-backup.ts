import type { BackupRow, BackupWhy } from '#db/backups.ts';
import type { Engine } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { keepCause } from './kept-cause.ts';

/** A backup that waits to be made. */
export function newBackup(cause: Cause, engine: Engine, why: BackupWhy, slot: string): BackupRow {
  return {
    id: newId('bkp', cause.now),
    slot,
    run_id: cause.runId,
    why,
    state: 'queued',
    file: null,
    engine,
    reached_at: null,
    bytes: null,
    sha256: null,
    facts: null,
    attempts: 0,
    next_attempt_at: cause.now,
    lease_token: null,
    lease_until: null,
    error: null,
    requested_by: cause.actor.name,
    cause: keepCause(cause),
    correlation_id: cause.correlationId,
    created_at: cause.now,
    verified_at: null,
    ended_at: null,
  };
}
