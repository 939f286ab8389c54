import type { Sql } from '#db/connection.ts';
import type { RunRow } from '#db/runs.ts';
import type { Cause } from '#src/core/cause.ts';
import { addToTimeline, noteOpenIncidents } from './note.ts';
import { incidentHere } from './rooms/here.ts';

/**
 * What staff do while an incident is open stands in its timeline without anybody writing it down: in the one in whose
 * room it was done, else in all that are open.
 */
export async function noteRun(sql: Sql, cause: Cause, run: RunRow, title: string): Promise<void> {
  const why = run.reason ? ` (“${run.reason}”${run.ticket ? `, ${run.ticket}` : ''})` : '';
  const asked = { ...cause, correlationId: run.correlation_id };
  const note = { kind: 'command' as const, text: `${title}${why}`, line: `trace ${run.correlation_id}` };
  const here = await incidentHere(sql, placeOf(run));
  if (here && here.state !== 'resolved') await addToTimeline(sql, asked, here.id, note);
  else await noteOpenIncidents(sql, asked, note);
}

function placeOf({ origin }: RunRow): { channelId: string | null; threadTs: string | null } {
  const kept = (origin === null ? null : JSON.parse(origin)) as {
    channelId?: string | null;
    threadTs?: string | null;
  } | null;
  return { channelId: kept?.channelId ?? null, threadTs: kept?.threadTs ?? null };
}
