import type { Sql } from '#db/connection.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { findPostmortem, type PostmortemRow } from '#db/postmortems.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { incidentName } from '#src/incidents/find.ts';
import { findIncidentOrLast } from '#src/incidents/meant.ts';

/**
 * The postmortem that is meant, as long as it can be changed: of the named incident, or of the last one.
 *
 * @throws UserError when the incident is not resolved yet, or its postmortem is filed
 */
export async function requireDraft(
  sql: Sql,
  named: string | undefined,
  reader: Actor,
): Promise<{ name: string; incident: IncidentRow; row: PostmortemRow }> {
  const incident = await findIncidentOrLast(sql, named, reader);
  const name = incidentName(incident);
  const row = await findPostmortem(sql, incident.id);
  if (!row)
    throw new UserError(
      'conflict',
      `${name} is not resolved yet, so its postmortem has not begun.`,
      `Write down what you see with “incident note”; it becomes a part of it.`,
    );
  if (row.state === 'draft') return { name, incident, row };
  throw new UserError(
    'conflict',
    `The postmortem of ${name} is ${row.state} already, by ${row.ended_by ?? 'somebody'}.`,
    `Read it: incident postmortem ${name}`,
  );
}
