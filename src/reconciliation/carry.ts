import { findOpenRun, findReconcileRun, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { claimShard, countOpenShards, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import { claimSuspect, type ReconcileSuspectRow } from '#db/reconcile-suspects.ts';
import { inTransaction } from '#db/transaction.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import { checkSuspect } from './check-suspect.ts';
import type { ReconcileDeps } from './deps.ts';
import { endInterrupted, finishRun, openOurLists } from './finish.ts';
import { createRateBudget } from './rate-budget.ts';
import { stripeLists } from './read-lists.ts';
import { LEASE_MS, readShard } from './read-shard.ts';
import { ourLists, scanOurs } from './scan-ours.ts';
import { shardFailed, suspectFailed } from './trouble.ts';
import { withinBudget } from './within-budget.ts';

/** Then the caller looks around: whether to stop, and how it goes. */
const AT_ONCE_MS = 2 * SECOND_MS;

/** Carries reconciliations on; any number of processes may. */
export type Carrier = {
  /** Does what can be done now, several things side by side; returns how many. */
  carry(): Promise<number>;
};

/** @param signal stops between two pages */
export function createCarrier(deps: ReconcileDeps, signal?: AbortSignal): Carrier {
  const { requests_per_second: perSecond, parallel } = deps.settings.reconcile;
  const budget = createRateBudget({ ...deps, perSecond });
  const paced: ReconcileDeps = { ...deps, stripe: withinBudget(deps.stripe, budget) };

  return {
    async carry() {
      const run = await findOpenRun(deps.database.knex, deps.mode);
      if (!run || (await endInterrupted(deps, run))) return 0;
      const until = deps.clock.now() + AT_ONCE_MS;
      const mayGoOn = () => !signal?.aborted && deps.clock.now() < until;
      // Idle most of the time: one look is enough to know it.
      const first = mayGoOn() ? await takeUnit(paced, run, mayGoOn) : null;
      const lanes = first
        ? Array.from({ length: parallel }, (_none, index) =>
            lane(paced, run, mayGoOn, index === 0 ? first : null),
          )
        : [];
      const done = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
      if (done === 0 && !signal?.aborted) await finishRun(deps, run);
      return done;
    },
  };
}

/** One reader: takes what is next until nothing is left, or it is time to look around. */
async function lane(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  mayGoOn: () => boolean,
  first: Unit | null,
): Promise<number> {
  let done = 0;
  for (let unit = first ?? (await takeUnit(deps, run, mayGoOn)); unit; ) {
    await unit();
    done += 1;
    unit = mayGoOn() ? await takeUnit(deps, run, mayGoOn) : null;
  }
  return done;
}

type Unit = () => Promise<void>;

/** A piece of Stripe's lists first, then whom they made suspect, and ours when Stripe's are at their end. */
async function takeUnit(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  mayGoOn: () => boolean,
): Promise<Unit | null> {
  const now = deps.clock.now();
  const lease = { token: newId('lease', now), now, until: now + LEASE_MS };
  const { database } = deps;
  if ((await findReconcileRun(database.knex, run.id))?.ended_at) return null;
  const shard = await inTransaction(database, (sql) => claimShard(sql, run.id, stripeLists, lease));
  if (shard) return () => tryShard(deps, run, shard, () => readShard(deps, run, shard, mayGoOn));
  const suspect = await inTransaction(database, (sql) => claimSuspect(sql, run.id, lease));
  if (suspect) return () => trySuspect(deps, run, suspect);
  if ((await countOpenShards(database.knex, run.id, stripeLists)) > 0) return null;
  await openOurLists(deps, run);
  const ours = await inTransaction(database, (sql) => claimShard(sql, run.id, ourLists, lease));
  return ours ? () => tryShard(deps, run, ours, () => scanOurs(deps, run, ours, mayGoOn)) : null;
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
