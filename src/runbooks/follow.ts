import type { Sql } from '#db/connection.ts';
import { listOpenRunbookRuns, lockRunbookRun } from '#db/runbook-runs.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { applyEvidence, readNews } from './apply-evidence.ts';
import { renewRunbookCard } from './card.ts';
import { closeRunbook } from './close.ts';

const LOOKED_AT = 200;
const LIVES_MS = 14 * DAY_MS;

/** Ticks what happened since in every runbook that is being worked through. Returns how many of them moved. */
export async function followRunbooks(
  deps: Pick<BillingDeps, 'database' | 'settings' | 'clock'>,
): Promise<number> {
  const now = deps.clock.now();
  const { knex } = deps.database;
  let moved = 0;
  for (const run of await listOpenRunbookRuns(knex, LOOKED_AT)) {
    const { id, started_at: startedAt, correlation_id: correlationId } = run;
    const cause = { ...scheduleCause(now, 'Something happened that ticks a step'), correlationId };
    const isOver = now - startedAt > LIVES_MS;
    // Looked at without a transaction first: mostly there is nothing to write.
    if (!isOver && (await readNews(knex, deps.settings, run, now)).length === 0) continue;
    if (await inTransaction(deps.database, (sql) => follow(sql, deps, cause, id, isOver))) moved++;
  }
  return moved;
}

async function follow(
  sql: Sql,
  { settings }: Pick<BillingDeps, 'settings'>,
  cause: Cause,
  id: string,
  isOver: boolean,
): Promise<boolean> {
  const run = await lockRunbookRun(sql, id);
  if (run?.state !== 'open') return false;
  if (isOver) {
    await closeRunbook(sql, settings, cause, id, 'Nobody ended it for 14 days.');
    return true;
  }
  if (!(await applyEvidence(sql, settings, cause, run))) return false;
  await renewRunbookCard(sql, settings, cause, id);
  return true;
}
