import { existsSync } from 'node:fs';
import { renewLease } from '#db/leases.ts';
import { renewMaintenance } from '#db/maintenance.ts';
import { changeHeldRestore, claimRestore, type RestoreRow } from '#db/restores.ts';
import { inTransaction } from '#db/transaction.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import { closeIntake, keepClosed, LEASE_MS, requireStillMeant } from './close-for-restore.ts';
import type { BackupDeps } from './deps.ts';
import { endDrill, failRestore } from './end-restore.ts';
import { type HeldRestore, isPastSwap, released } from './held-restore.ts';
import { holding } from './holding.ts';
import { causeOf } from './kept-cause.ts';
import { readRestoreFacts } from './restore-facts.ts';
import { close, closeAnew, follow, reopen, save } from './restore-steps.ts';
import { swap } from './swap.ts';

const RENEW_MS = 15 * SECOND_MS;

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
    await failRestore(deps, held, error);
  }
  return 1;
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
  await renewLease(deps.database.knex, 'restores', { id: row.id, token }, until);
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
