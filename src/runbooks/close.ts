import type { Sql } from '#db/connection.ts';
import { updateRunbookRun } from '#db/runbook-runs.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewRunbookCard } from './card.ts';
import { holdOpenRun } from './find-run.ts';

/** Ends a runbook before all its steps are done. */
export async function closeRunbook(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
  reason: string,
): Promise<void> {
  const run = await holdOpenRun(sql, id);
  await updateRunbookRun(sql, run, {
    state: 'closed',
    ended_at: cause.now,
    ended_name: cause.actor.name,
    end_reason: reason,
  });
  await renewRunbookCard(sql, settings, cause, id);
}
