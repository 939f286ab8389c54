import { endMaintenance } from '#db/maintenance.ts';
import { findRestore } from '#db/restores.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { catchUp } from './catch-up.ts';
import { closeForChanges, NOTICE_MS } from './close-for-restore.ts';
import type { BackupDeps } from './deps.ts';
import { changeRestore, endRestore } from './end-restore.ts';
import { type HeldRestore, released } from './held-restore.ts';
import { readRestoreFacts } from './restore-facts.ts';
import { makeSafetyCopy } from './safety-copy.ts';

const LOOK_EVERY_MS = 5 * SECOND_MS;

/** Nobody may change anything, and the others have noticed. */
export async function close(deps: BackupDeps, held: HeldRestore): Promise<'closed'> {
  held.report('Closing Lucy for changes');
  await closeForChanges(deps, held);
  held.facts = { ...held.facts, closedAt: deps.clock.now() };
  await changeRestore(deps, held, { step: 'closed', facts: JSON.stringify(held.facts) });
  deps.crashPoint?.('maintenance on');
  await deps.pause(NOTICE_MS);
  return 'closed';
}

/** Maintenance ran out before the swap, as when a machine sleeps: the next look closes again and keeps a new copy. */
export async function closeAnew(deps: BackupDeps, held: HeldRestore): Promise<void> {
  await changeRestore(deps, held, {
    step: 'closed',
    next_attempt_at: deps.clock.now(),
    error: 'Maintenance ran out before anything was replaced.',
    ...released,
  });
}

/** What is there now is kept before anything takes its place. */
export async function save(deps: BackupDeps, held: HeldRestore): Promise<'saved'> {
  held.report('Keeping a copy of what is there now');
  const safety = await makeSafetyCopy(deps, held.row);
  held.facts = { ...held.facts, safety };
  await changeRestore(deps, held, { step: 'saved', facts: JSON.stringify(held.facts) });
  deps.crashPoint?.('safety copy made');
  return 'saved';
}

/** From here on the restored database is the living one. */
export async function reopen(deps: BackupDeps, held: HeldRestore): Promise<void> {
  const now = deps.clock.now();
  const row = await findRestore(deps.database.knex, held.row.id);
  held.facts = { ...(row ? readRestoreFacts(row) : held.facts), openedAt: now };
  const changes = {
    step: 'catching_up' as const,
    facts: JSON.stringify(held.facts),
    attempts: 0,
    error: null,
  };
  await changeRestore(deps, held, { ...changes, next_attempt_at: now, ...released }, async (sql) =>
    endMaintenance(sql, held.row.id),
  );
  deps.log.warn(
    { event: 'restore', action: 'restored', restore: held.row.id, correlationId: held.cause.correlationId },
    'The database was restored from a backup',
  );
}

/** Stripe says what happened since the backup; the end of that is the end of the restore. */
export async function follow(deps: BackupDeps, held: HeldRestore): Promise<void> {
  held.report('Catching up with Stripe');
  const caught = await catchUp(deps, held);
  if (!caught)
    return changeRestore(deps, held, {
      next_attempt_at: deps.clock.now() + LOOK_EVERY_MS,
      attempts: 0,
      ...released,
    });
  await endRestore(deps, { ...held, facts: { ...held.facts, ...caught } }, 'done', null);
}
