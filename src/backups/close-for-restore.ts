import { putMaintenance, renewMaintenance } from '#db/maintenance.ts';
import type { RestoreRow } from '#db/restores.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { NOTICED_WITHIN_MS } from '#src/maintenance/watch.ts';
import type { BackupDeps } from './deps.ts';
import type { HeldRestore } from './held-restore.ts';

export const LEASE_MS = 2 * MINUTE_MS;

/** A job that began before it noticed works this long before it looks again (src/batches/carry-batch.ts). */
const TURN_MS = 2 * SECOND_MS;
/** Longer than any process takes to notice that nothing may be changed, and to end what it had begun. */
export const NOTICE_MS = NOTICED_WITHIN_MS + TURN_MS + 2 * SECOND_MS;

/** What was approved for now is not done hours later, when the reason may be gone and much was done since. */
const GOOD_FOR_MS = HOUR_MS;

/** Nothing may be changed any more; true when that held all the time since this restore closed Lucy. */
export async function keepClosed({ database, clock }: BackupDeps, { row }: HeldRestore): Promise<boolean> {
  return renewMaintenance(database.knex, row.id, { until: clock.now() + LEASE_MS }, clock.now());
}

export async function closeForChanges(deps: BackupDeps, { row }: HeldRestore): Promise<void> {
  const now = deps.clock.now();
  await putMaintenance(deps.database.knex, {
    restore_id: row.id,
    by_name: row.requested_by,
    says: `${row.requested_by} restores the backup ${row.backup_id}`,
    started_at: now,
    until: now + LEASE_MS,
    intake_closed_at: null,
  });
}

/** Stripe’s webhooks are turned away, too. False when people could work meanwhile, so that the safety copy is too old. */
export async function closeIntake(deps: BackupDeps, { row }: HeldRestore): Promise<boolean> {
  const now = deps.clock.now();
  const changes = { until: now + LEASE_MS, intake_closed_at: now };
  if (!(await renewMaintenance(deps.database.knex, row.id, changes, now))) return false;
  deps.crashPoint?.('intake closed');
  await deps.pause(NOTICE_MS);
  return true;
}

/**
 * Before the swap nothing is lost by ending a restore.
 *
 * @throws UserError when somebody took it back, or it was asked for too long ago
 */
export function requireStillMeant(row: RestoreRow, now: number): void {
  if (row.kind === 'drill') return;
  requireNotTakenBack(row);
  if (now - row.created_at > GOOD_FOR_MS)
    throw new UserError(
      'conflict',
      'It stood still, and more than an hour went by since it was asked for.',
      'Whoever still wants it asks anew: backup restore',
    );
}

/** @throws UserError when somebody did */
export function requireNotTakenBack({ cancelled_by }: RestoreRow): void {
  if (cancelled_by === null) return;
  throw new UserError(
    'conflict',
    `${cancelled_by} took it back before anything was replaced.`,
    'Whoever still wants it asks anew: backup restore',
  );
}
