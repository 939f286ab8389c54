import type { Sql } from '#db/connection.ts';
import { type DrillRow, findOpenDrill } from '#db/drills.ts';
import { findIncidentOfDrill } from '#db/incidents.ts';
import { UserError } from '#src/core/errors.ts';
import { incidentName } from '#src/incidents/find.ts';

/**
 * The drill that an incident is declared in; and, while one is on, a warning to whoever declares a real one.
 *
 * @throws UserError when it is said to be a drill, and none is on, or its incident is declared already
 */
export async function requireDrillToDeclare(
  sql: Sql,
  isDrill: boolean,
): Promise<{ drill: DrillRow | null; warning: string[] }> {
  const drill = (await findOpenDrill(sql)) ?? null;
  if (!isDrill)
    return {
      drill: null,
      warning: drill
        ? ['This is a real incident, and ends the drill that is on. If you mean the drill, add --drill.']
        : [],
    };
  if (!drill)
    throw new UserError(
      'conflict',
      'No drill is on, so nothing was declared.',
      'If something is wrong, leave “Drill” out; to practise, begin with: incident drill',
    );
  const declared = await findIncidentOfDrill(sql, drill.id);
  if (declared)
    throw new UserError(
      'conflict',
      `The drill’s incident is declared already: ${incidentName(declared)}.`,
      `Look at it: incident status ${incidentName(declared)}`,
    );
  return { drill, warning: [] };
}
