import { findOpenRun } from '#db/reconcile-runs.ts';
import { inTransaction } from '#db/transaction.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { renewReconcileCard } from './card.ts';
import type { ReconcileDeps } from './deps.ts';
import { causeOfRun } from './finish.ts';

/** Slack lets a message be edited once a second; a reader needs less. */
const EVERY_MS = 5 * SECOND_MS;
/** While it waits for Stripe nothing goes on. */
const WAITING_EVERY_MS = MINUTE_MS;

/** Shows in the card how the open run goes, now and then. */
export async function followCard(deps: ReconcileDeps): Promise<void> {
  const run = await findOpenRun(deps.database.knex, deps.mode);
  const now = deps.clock.now();
  if (!run || now - run.card_at < EVERY_MS) return;
  const isStill = run.state === 'waiting' || run.progress_at < run.card_at;
  if (isStill && now - run.card_at < WAITING_EVERY_MS) return;
  await inTransaction(deps.database, (sql) => renewReconcileCard(sql, causeOfRun(run, now), run.id));
}
