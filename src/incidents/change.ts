import type { Sql } from '#db/connection.ts';
import { findIncidentRoom } from '#db/incident-rooms.ts';
import { findIncident, type IncidentRow, updateIncident } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { startAsks } from './asks/ask.ts';
import { renewAskCard } from './asks/card.ts';
import { renewIncidentCard } from './card.ts';
import { incidentName } from './find.ts';
import { type IncidentNote, noteIncident } from './note.ts';

/**
 * Changes an incident, writes why into its timeline, and brings its card up to date: all under one transaction.
 *
 * @throws UserError when somebody else changed it meanwhile
 */
export async function changeIncident(
  sql: Sql,
  cause: Cause,
  seen: IncidentRow,
  changes: Parameters<typeof updateIncident>[2],
  note: IncidentNote,
): Promise<IncidentRow> {
  if (!(await updateIncident(sql, seen, changes)))
    throw new UserError(
      'conflict',
      `${incidentName(seen)} was changed by somebody else a moment ago, so nothing was done.`,
      `Look at it again: incident status ${incidentName(seen)}`,
    );
  await noteIncident(sql, cause, seen.id, note);
  const row = await findIncident(sql, seen.id);
  if (!row) throw new Error(`Incident ${seen.id} is gone`);
  await renewIncidentCard(sql, cause, row);
  await startAsks(sql, cause, row);
  if (row.severity_asks + row.commander_asks > 0)
    await renewAskCard(sql, cause, row, await findIncidentRoom(sql, row.id));
  return row;
}
