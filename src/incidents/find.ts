import type { Sql } from '#db/connection.ts';
import { findIncidentByNumber, type IncidentRow, listIncidents, listOpenIncidents } from '#db/incidents.ts';
import { UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';

/** `INC-7`, as people say it. */
export function incidentName({ number }: Pick<IncidentRow, 'number'>): string {
  return `INC-${number}`;
}

/**
 * The incident that is meant: the named one, or the only open one.
 *
 * @throws UserError when there is none, or several are open and none is named
 */
export async function findIncidentMeant(sql: Sql, named: string | undefined): Promise<IncidentRow> {
  if (named !== undefined) {
    const row = await findIncidentByNumber(sql, Number(named.replace(/^inc-/i, '')));
    if (row) return row;
    throw new UserError(
      'not_found',
      `There is no incident ${named.toUpperCase()}.`,
      'See which there are: incident list',
      { incident: 'There is no such incident.' },
    );
  }
  const [only, ...others] = await listOpenIncidents(sql);
  if (!only)
    throw new UserError(
      'not_found',
      'No incident is open.',
      'Declare one: incident declare "checkout is down"; or name an earlier one, such as --incident INC-7.',
      { incident: 'No incident is open; name an earlier one.' },
    );
  if (others.length === 0) return only;
  throw new UserError(
    'usage',
    `${listed([only, ...others].map(incidentName))} are open.`,
    `Say which one, such as --incident ${incidentName(only)}.`,
    { incident: 'Several are open: say which one.' },
  );
}

/** The named incident, or the last one, open or not: what people mean once it is over. */
export async function findIncidentOrLast(sql: Sql, named: string | undefined): Promise<IncidentRow> {
  const [last] = named === undefined ? await listIncidents(sql, 1) : [];
  return last ?? findIncidentMeant(sql, named);
}
