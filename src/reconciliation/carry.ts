import { findOpenRun, findReconcileRun, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { claimShard, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import { claimSuspect, type ReconcileSuspectRow } from '#db/reconcile-suspects.ts';
import { inTransaction } from '#db/transaction.ts';
import { newId } from '#src/core/ids.ts';
import { checkSuspect } from './check-suspect.ts';
import type { ReconcileDeps } from './deps.ts';
import { endInterrupted, finishRun, openOurLists } from './finish.ts';
import { createPlaceKeeper } from './keep-place.ts';
import { createLanes, type Unit } from './lanes.ts';
import { lookingAround } from './look-around.ts';
import { fewPieces } from './pieces.ts';
import { createRateBudget } from './rate-budget.ts';
import { stripeLists } from './read-lists.ts';
import { LEASE_MS, type Reading, readShard } from './read-shard.ts';
import { ourLists, scanOurs } from './scan-ours.ts';
import { shardFailed, suspectFailed } from './trouble.ts';
import { withinBudget } from './within-budget.ts';

/** Carries reconciliations on; any number of processes may. */
export type Carrier = {
  /**
   * Does what can be done now, several things side by side; returns how many.
   *
   * @param mayStay asked now and then, and while it says yes those who read go on; without it they are called back after the
   *   first look, which makes all wait for the slowest of them
   */
  carry(mayStay?: () => boolean | Promise<boolean>): Promise<number>;
};

/** @param signal stops between two pages */
export function createCarrier(deps: ReconcileDeps, signal?: AbortSignal): Carrier {
  const { requests_per_second: perSecond, parallel } = deps.settings.reconcile;
  const { database } = deps;
  const budget = createRateBudget({ ...deps, perSecond });
  const paced: ReconcileDeps = { ...deps, stripe: withinBudget(deps.stripe, budget) };
  const { pause } = deps;
  const keepPlace = createPlaceKeeper(database, { leadMs: budget.leadMs, pause, readers: parallel });

  return {
    async carry(mayStay = () => false) {
      const run = await findOpenRun(database.knex, deps.mode);
      if (!run || (await endInterrupted(deps, run))) return 0;
      const mayGoOn = lookingAround(deps, run, { mayStay, signal });
      const lanes = createLanes(parallel, mayGoOn);
      const reading: Reading = { mayGoOn, lanes, keepPlace, areFew: fewPieces(deps, run, lanes, budget) };
      // Idle most of the time: one look is enough to know it.
      let first = signal?.aborted ? null : await takeUnit(paced, run, reading);
      const takeNext = async () => {
        const unit = first ?? (await takeUnit(paced, run, reading));
        first = null;
        return unit;
      };
      const done = first ? await lanes.work(takeNext) : 0;
      if (done === 0 && !signal?.aborted) await finishRun(deps, run);
      return done;
    },
  };
}

/** A piece of Stripe's lists first, then whom they made suspect, and ours while Stripe's are waited for. */
async function takeUnit(deps: ReconcileDeps, run: ReconcileRunRow, reading: Reading): Promise<Unit | null> {
  const now = deps.clock.now();
  const lease = { token: newId('lease', now), now, until: now + LEASE_MS };
  const { database } = deps;
  if ((await findReconcileRun(database.knex, run.id))?.ended_at) return null;
  const shard = await inTransaction(database, (sql) => claimShard(sql, run.id, stripeLists, lease));
  if (shard) return () => tryShard(deps, run, shard, () => readShard(deps, run, shard, reading));
  const suspect = await inTransaction(database, (sql) => claimSuspect(sql, run.id, lease));
  if (suspect) return () => trySuspect(deps, run, suspect);
  await openOurLists(deps, run);
  const ours = await inTransaction(database, (sql) => claimShard(sql, run.id, ourLists, lease));
  return ours ? () => tryShard(deps, run, ours, () => scanOurs(deps, run, ours, reading.mayGoOn)) : null;
}

async function tryShard(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  shard: ReconcileShardRow,
  read: () => Promise<void>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    await shardFailed(deps, run, shard, error);
  }
}

async function trySuspect(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  suspect: ReconcileSuspectRow,
): Promise<void> {
  try {
    await checkSuspect(deps, run, suspect);
  } catch (error) {
    await suspectFailed(deps, run, suspect, error);
  }
}
