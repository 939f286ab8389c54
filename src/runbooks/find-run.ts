import type { Sql } from '#db/connection.ts';
import { findRunbookRun, lockRunbookRun, type RunbookRunRow } from '#db/runbook-runs.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';

/** @throws UserError when there is none, or it has ended */
export async function requireOpenRun(sql: Sql, id: string): Promise<RunbookRunRow> {
  return checked(id, await findRunbookRun(sql, id));
}

/** The same, held. */
export async function holdOpenRun(sql: Sql, id: string): Promise<RunbookRunRow> {
  return checked(id, await lockRunbookRun(sql, id));
}

function checked(id: string, run: RunbookRunRow | undefined): RunbookRunRow {
  if (!run) throw unknownRunbookRun(id);
  if (run.state === 'open') return run;
  throw new UserError(
    'conflict',
    `This runbook ended at ${formatUtc(run.ended_at ?? 0)}, so nothing was changed.`,
    'Start it again if it is still needed.',
  );
}

export function unknownRunbookRun(id: string): UserError {
  return new UserError(
    'not_found',
    `Nobody works through ${id}.`,
    'What is being worked through stands in: runbook list',
    {
      run: 'Nobody works through this.',
    },
  );
}
