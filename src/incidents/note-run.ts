import type { Sql } from '#db/connection.ts';
import type { RunRow } from '#db/runs.ts';
import type { Cause } from '#src/core/cause.ts';
import { noteOpenIncidents } from './note.ts';

/** What staff do while an incident is open stands in its timeline without anybody writing it down. */
export async function noteRun(sql: Sql, cause: Cause, run: RunRow, title: string): Promise<void> {
  const why = run.reason ? ` (“${run.reason}”${run.ticket ? `, ${run.ticket}` : ''})` : '';
  await noteOpenIncidents(
    sql,
    { ...cause, correlationId: run.correlation_id },
    { kind: 'command', text: `${title}${why}`, line: `trace ${run.correlation_id}` },
  );
}
