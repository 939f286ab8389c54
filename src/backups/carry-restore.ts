import { existsSync } from 'node:fs';
import type { Sql } from '#db/connection.ts';
import { endMaintenance, renewMaintenance } from '#db/maintenance.ts';
import {
  changeHeldRestore,
  claimRestore,
  findRestore,
  type RestoreRow,
  renewRestoreLease,
} from '#db/restores.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { catchUp } from './catch-up.ts';
import {
  closeForChanges,
  closeIntake,
  keepClosed,
  LEASE_MS,
  NOTICE_MS,
  requireStillMeant,
} from './close-for-restore.ts';
import type { BackupDeps } from './deps.ts';
import { drill } from './drill.ts';
import type { HeldRestore } from './held-restore.ts';
import { holding } from './holding.ts';
import { causeOf } from './kept-cause.ts';
import { renewRestoreCard } from './restore-card.ts';
import { readRestoreFacts } from './restore-facts.ts';
import { endedRun } from './restore-report.ts';
import { makeSafetyCopy } from './safety-copy.ts';
import { tellFailedDrill } from './schedule-drill.ts';
import { swap } from './swap.ts';

const RENEW_MS = 15 * SECOND_MS;
const TRIES_MAX = 3;

/**
 * Brings a restore, or a drill, as far as it goes. Each step is written down when it is done, so whoever dies in the middle is
 * followed by somebody who goes on: until the swap with the database as it was, after it with the restored one.
 * Returns how many it found.
 */
export async function carryRestores(
  deps: BackupDeps,
  report: (sentence: string) => void = () => {},
  id: string | null = null,
): Promise<number> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const row = await inTransaction(deps.database, (sql) =>
    claimRestore(sql, { token, now, until: now + LEASE_MS }, id),
  );
  if (!row) return 0;
  const held: HeldRestore = { row, token, cause: causeOf(row, now), facts: readRestoreFacts(row), report };
  const renew = () => renewLeases(deps, row, token).catch(() => {});
  try {
    if (!isPastSwap(row)) requireStillMeant(row, now);
    if (!existsSync(row.file) && !isPastSwap(row)) return await leave(deps, row, token);
    await holding(renew, RENEW_MS, () => carryOn(deps, held));
  } catch (error) {
    await fail(deps, held, error);
  }
  return 1;
}

function isPastSwap({ step }: RestoreRow): boolean {
  return step === 'swapped' || step === 'catching_up';
}

/** The file lies on another machine: its process takes it. */
async function leave(deps: BackupDeps, { id, attempts }: RestoreRow, token: string): Promise<0> {
  const changes = { attempts: attempts - 1, next_attempt_at: deps.clock.now() + 5 * SECOND_MS, ...released };
  await changeHeldRestore(deps.database.knex, { id, token }, changes);
  return 0;
}

async function renewLeases(deps: BackupDeps, row: RestoreRow, token: string): Promise<void> {
  const now = deps.clock.now();
  const until = now + LEASE_MS;
  await renewRestoreLease(deps.database.knex, row.id, token, until);
  await renewMaintenance(deps.database.knex, row.id, { until }, now);
}

async function carryOn(deps: BackupDeps, held: HeldRestore): Promise<void> {
  if (held.row.kind === 'drill') return endDrill(deps, held);
  let { step } = held.row;
  if (!isPastSwap(held.row)) {
    // Somebody may have died meanwhile, and the maintenance with them: then people worked, and the copy is too old.
    if (step === 'asked' || !(await keepClosed(deps, held))) step = await close(deps, held);
    if (step === 'closed') step = await save(deps, held);
    const isSwapped = await swap(deps, held, {
      close: () => closeIntake(deps, held),
      keep: () => keepClosed(deps, held),
    });
    if (!isSwapped) return closeAnew(deps, held);
    deps.crashPoint?.('swapped');
    step = 'swapped';
  }
  if (step === 'swapped') return reopen(deps, held);
  if (step === 'catching_up') return follow(deps, held);
}

async function close(deps: BackupDeps, held: HeldRestore): Promise<'closed'> {
  held.report('Closing Lucy for changes');
  await closeForChanges(deps, held);
  held.facts = { ...held.facts, closedAt: deps.clock.now() };
  await change(deps, held, { step: 'closed', facts: JSON.stringify(held.facts) });
  deps.crashPoint?.('maintenance on');
  await deps.pause(NOTICE_MS);
  return 'closed';
}

/** Maintenance ran out before the swap, as when a machine sleeps: the next look closes again and keeps a new copy. */
async function closeAnew(deps: BackupDeps, held: HeldRestore): Promise<void> {
  await change(deps, held, {
    step: 'closed',
    next_attempt_at: deps.clock.now(),
    error: 'Maintenance ran out before anything was replaced.',
    ...released,
  });
}

async function save(deps: BackupDeps, held: HeldRestore): Promise<'saved'> {
  held.report('Keeping a copy of what is there now');
  const safety = await makeSafetyCopy(deps, held.row);
  held.facts = { ...held.facts, safety };
  await change(deps, held, { step: 'saved', facts: JSON.stringify(held.facts) });
  deps.crashPoint?.('safety copy made');
  return 'saved';
}

/** From here on the restored database is the living one. */
async function reopen(deps: BackupDeps, held: HeldRestore): Promise<void> {
  const now = deps.clock.now();
  const row = await findRestore(deps.database.knex, held.row.id);
  held.facts = { ...(row ? readRestoreFacts(row) : held.facts), openedAt: now };
  const changes = {
    step: 'catching_up' as const,
    facts: JSON.stringify(held.facts),
    attempts: 0,
    error: null,
  };
  await change(deps, held, { ...changes, next_attempt_at: now, ...released }, async (sql) =>
    endMaintenance(sql, held.row.id),
  );
  deps.log.warn(
    { event: 'restore', action: 'restored', restore: held.row.id, correlationId: held.cause.correlationId },
    'The database was restored from a backup',
  );
}

const LOOK_EVERY_MS = 5 * SECOND_MS;
const released = { lease_token: null, lease_until: null };

async function follow(deps: BackupDeps, held: HeldRestore): Promise<void> {
  held.report('Catching up with Stripe');
  const caught = await catchUp(deps, held);
  if (!caught)
    return change(deps, held, {
      next_attempt_at: deps.clock.now() + LOOK_EVERY_MS,
      attempts: 0,
      ...released,
    });
  await end(deps, { ...held, facts: { ...held.facts, ...caught } }, 'done', null);
}

async function endDrill(deps: BackupDeps, held: HeldRestore): Promise<void> {
  const { facts, problems } = await drill(deps, held);
  const done = { ...held, facts: { ...held.facts, ...facts } };
  await (problems.length === 0
    ? end(deps, done, 'done', null)
    : end(deps, done, 'failed', problems.join(' ')));
}

async function fail(deps: BackupDeps, held: HeldRestore, error: unknown): Promise<void> {
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
  if (isFinal) return end(deps, held, 'failed', said);
  const again = deps.clock.now() + row.attempts * 10 * SECOND_MS;
  await change(deps, held, { next_attempt_at: again, error: said, ...released });
}

async function end(
  deps: BackupDeps,
  held: HeldRestore,
  step: 'done' | 'failed',
  error: string | null,
): Promise<void> {
  const ended_at = deps.clock.now();
  const ended = { ...held.row, step, error, ended_at, facts: JSON.stringify(held.facts) };
  const changes = { step, error, ended_at, facts: ended.facts, ...released };
  await change(deps, held, changes, async (sql, cause) => {
    await endMaintenance(sql, held.row.id);
    if (step === 'failed' && held.row.kind === 'drill') await tellFailedDrill(sql, cause, ended);
    if (held.row.run_id !== null) await deps.onEnd(sql, cause, held.row.run_id, endedRun(ended));
  });
}

/** Under the lease, with its card in the same transaction; whoever lost the lease changes nothing and stops. */
async function change(
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
