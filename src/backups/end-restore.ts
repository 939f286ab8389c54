import type { Sql } from '#db/connection.ts';
import { endMaintenance } from '#db/maintenance.ts';
import { changeHeldRestore, findRestore, type RestoreRow } from '#db/restores.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import type { BackupDeps } from './deps.ts';
import { drill } from './drill.ts';
import { type HeldRestore, isPastSwap, released } from './held-restore.ts';
import { renewRestoreCard } from './restore-card.ts';
import { endedRun } from './restore-report.ts';
import { tellFailedDrill } from './schedule-drill.ts';

const TRIES_MAX = 3;

/** A drill from its beginning to its end: it closes nothing and replaces nothing. */
export async function endDrill(deps: BackupDeps, held: HeldRestore): Promise<void> {
  const { facts, problems } = await drill(deps, held);
  const done = { ...held, facts: { ...held.facts, ...facts } };
  await (problems.length === 0
    ? endRestore(deps, done, 'done', null)
    : endRestore(deps, done, 'failed', problems.join(' ')));
}

/** Tried again a little later, or ended where that would change nothing. */
export async function failRestore(deps: BackupDeps, held: HeldRestore, error: unknown): Promise<void> {
  const said = error instanceof UserError ? `${error.message} ${error.hint}` : errorMessage(error);
  const { row, cause } = held;
  deps.log.error(
    {
      event: 'restore_failed',
      restore: row.id,
      step: row.step,
      err: error,
      correlationId: cause.correlationId,
    },
    said,
  );
  // After the swap there is nothing to go back to: it is tried until it comes through.
  const now = await findRestore(deps.database.knex, row.id);
  const isSwapped = now !== undefined && isPastSwap(now);
  const isFinal = !isSwapped && (error instanceof UserError || row.attempts >= TRIES_MAX);
  if (isFinal) return endRestore(deps, held, 'failed', said);
  const again = deps.clock.now() + row.attempts * 10 * SECOND_MS;
  await changeRestore(deps, held, { next_attempt_at: again, error: said, ...released });
}

/** With the run that asked for it, and with maintenance. */
export async function endRestore(
  deps: BackupDeps,
  held: HeldRestore,
  step: 'done' | 'failed',
  error: string | null,
): Promise<void> {
  const ended_at = deps.clock.now();
  const ended = { ...held.row, step, error, ended_at, facts: JSON.stringify(held.facts) };
  const changes = { step, error, ended_at, facts: ended.facts, ...released };
  await changeRestore(deps, held, changes, async (sql, cause) => {
    await endMaintenance(sql, held.row.id);
    if (step === 'failed' && held.row.kind === 'drill') await tellFailedDrill(sql, cause, ended);
    if (held.row.run_id !== null) await deps.onEnd(sql, cause, held.row.run_id, endedRun(ended));
  });
}

/** Under the lease, with its card in the same transaction; whoever lost the lease changes nothing and stops. */
export async function changeRestore(
  deps: BackupDeps,
  held: HeldRestore,
  changes: Partial<RestoreRow>,
  besides?: (sql: Sql, cause: Cause) => Promise<void>,
): Promise<void> {
  const cause = { ...held.cause, now: deps.clock.now() };
  await inTransaction(deps.database, async (sql) => {
    if (!(await changeHeldRestore(sql, { id: held.row.id, token: held.token }, changes)))
      throw new Error(`Another process carries ${held.row.id} by now`);
    await besides?.(sql, cause);
    await renewRestoreCard(sql, cause, held.row.id);
  });
}
