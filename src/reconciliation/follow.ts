import { countReconcileFindings } from '#db/reconcile-findings.ts';
import { findReconcileRun } from '#db/reconcile-runs.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import type { Follow } from '#src/replies/progress.ts';
import type { Reply } from '#src/replies/reply.ts';
import { reconciliationCard } from './card.ts';
import { createCarrier } from './carry.ts';
import type { ReconcileDeps } from './deps.ts';
import { progressWords, readProgress } from './progress.ts';

/** While nothing can be done: Stripe is away, or a difference has to be seen a second time. */
const IDLE_MS = SECOND_MS / 2;

/** Carries one run in this process to its end; the service may carry it, too, and neither minds. */
export async function followReconciliation(
  deps: ReconcileDeps,
  id: string,
  report: Parameters<Follow>[1],
  signal: AbortSignal,
): Promise<Reply> {
  const sql = deps.database.knex;
  const carrier = createCarrier(deps, signal);
  async function tell(): Promise<{ isOver: boolean; words: string }> {
    const run = await findReconcileRun(sql, id);
    if (!run) throw new UserError('not_found', `There is no reconciliation ${id}.`, 'See: reconcile list');
    const progress = await readProgress(sql, run);
    const words = progressWords(progress);
    report({ done: progress.seen, total: progress.expected, words });
    return { isOver: run.ended_at !== null, words };
  }
  for (;;) {
    const { isOver, words } = await tell();
    if (isOver) break;
    if (signal.aborted) return interrupted(id, words);
    if ((await carrier.carry(async () => !(await tell()).isOver)) === 0) await deps.pause(IDLE_MS);
  }
  const card = await reconciliationCard(sql, id);
  if (!card) throw new Error(`Reconciliation ${id} has no card`);
  const run = await findReconcileRun(sql, id);
  // Differences are what a comparison is for; only one that broke off has failed.
  return {
    ...card.reply,
    tone: run?.state === 'done' ? 'done' : 'warning',
    buttons: [],
    json: await ended(deps, id),
  };
}

async function ended(deps: ReconcileDeps, id: string): Promise<unknown> {
  const run = await findReconcileRun(deps.database.knex, id);
  return {
    reconciliation: id,
    state: run?.state,
    error: run?.error ?? null,
    progress: run && (await readProgress(deps.database.knex, run)),
    counts: await countReconcileFindings(deps.database.knex, id),
    correlationId: run?.correlation_id,
  };
}

function interrupted(id: string, words: string): Reply {
  return {
    tone: 'warning',
    title: `Stopped here, and nothing is lost: ${words}.`,
    facts: [{ label: 'Reconciliation', value: { code: id } }],
    hint: 'Lucy’s service goes on with it if it runs. To go on from a terminal: lucy reconcile run --resume --reason "…"',
    json: { reconciliation: id, state: 'interrupted' },
  };
}
