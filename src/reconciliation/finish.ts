import type { Sql } from '#db/connection.ts';
import { countReconcileFindings } from '#db/reconcile-findings.ts';
import {
  lockReconcileRun,
  type ReconcileRunRow,
  type ReconcileState,
  updateReconcileRun,
} from '#db/reconcile-runs.ts';
import { countOpenShards, hasShards, insertShards, totalShards } from '#db/reconcile-shards.ts';
import { countSuspects, deleteSuspects } from '#db/reconcile-suspects.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { clamp, counted } from '#src/core/text.ts';
import { noteOpenIncidents } from '#src/incidents/note.ts';
import { renewReconcileCard } from './card.ts';
import type { ReconcileDeps } from './deps.ts';
import { ourLists } from './scan-ours.ts';
import { newShard } from './start.ts';

/** What Stripe showed longer ago than this is no picture of one moment any more. */
export const INTERRUPTED_MAX_MS = DAY_MS;

/** Ours are read once; whoever comes to it first begins it. */
export async function openOurLists(deps: ReconcileDeps, run: ReconcileRunRow): Promise<void> {
  if (await hasShards(deps.database.knex, run.id, ourLists)) return;
  await inTransaction(deps.database, async (sql) => {
    await lockReconcileRun(sql, run.id);
    if (await hasShards(sql, run.id, ourLists)) return;
    const now = deps.clock.now();
    await insertShards(
      sql,
      ourLists.map((list) => newShard(now, run.id, list, { from: 0, before: 0 })),
    );
  });
}

/** A run is done when every list was read to its end and everybody suspect was looked at; nothing less is “done”. */
export async function finishRun(deps: ReconcileDeps, run: ReconcileRunRow): Promise<void> {
  await inTransaction(deps.database, async (sql) => {
    const held = await lockReconcileRun(sql, run.id);
    if (!held || held.ended_at !== null) return;
    if (!(await hasShards(sql, run.id, ourLists)) || (await countOpenShards(sql, run.id)) > 0) return;
    if ((await countSuspects(sql, run.id)).open > 0) return;
    await endRun(sql, deps, held, 'done', null);
    await deleteSuspects(sql, run.id);
  });
}

/** True when the run stood still for too long, and was ended for it. */
export async function endInterrupted(deps: ReconcileDeps, run: ReconcileRunRow): Promise<boolean> {
  if (deps.clock.now() - run.progress_at <= INTERRUPTED_MAX_MS) return false;
  await inTransaction(deps.database, async (sql) => {
    const held = await lockReconcileRun(sql, run.id);
    if (!held || held.ended_at !== null) return;
    const last = held.error ? ` The last trouble was: ${held.error}` : '';
    const reason = `It was interrupted for more than 24 hours, so what it saw is too old.${last}`;
    await endRun(sql, deps, held, 'failed', reason);
  });
  return true;
}

/** Ends a run, in the transaction of why it ends, and tells it in its card. */
export async function endRun(
  sql: Sql,
  deps: Pick<ReconcileDeps, 'clock' | 'log'>,
  run: ReconcileRunRow,
  state: Extract<ReconcileState, 'done' | 'failed' | 'cancelled'>,
  error: string | null,
): Promise<void> {
  const now = deps.clock.now();
  await updateReconcileRun(sql, run.id, {
    state,
    ended_at: now,
    expected: (await totalShards(sql, run.id, 'subscriptions')).seen,
    error: error && clamp(errorMessage(error), 500),
  });
  const cause = causeOfRun(run, now);
  await renewReconcileCard(sql, cause, run.id);
  await noteOpenIncidents(sql, cause, {
    kind: 'reconciliation',
    text: `The reconciliation ${run.id} ${endedAs[state]}, with ${counted(await countAll(sql, run.id), 'difference')}.`,
    line: `reconcile show ${run.id}`,
    dedupeKey: `reconcile:${run.id}:${state}:${now}`,
  });
  deps.log.info(
    { event: 'reconcile_ended', reconciliation: run.id, correlationId: run.correlation_id, state, error },
    'reconcile_ended',
  );
}

const endedAs = { done: 'is done', failed: 'failed', cancelled: 'was cancelled' } as const;

/** What a run's workers do is done for whoever asked, under its correlation id. */
export function causeOfRun(run: ReconcileRunRow, now: number): Cause {
  return {
    actor: { ...scheduleActor, name: `Lucy, for ${run.actor_name}` },
    surface: 'job',
    correlationId: run.correlation_id,
    reason: run.reason,
    ticket: run.ticket,
    runId: run.run_id,
    now,
  };
}

async function countAll(sql: Sql, id: string): Promise<number> {
  return (await countReconcileFindings(sql, id)).reduce((sum, { total }) => sum + total, 0);
}
