import type { Sql } from '#db/connection.ts';
import { type IncidentRoomRow, listIncidentRooms } from '#db/incident-rooms.ts';
import { findIncidentByNumber, type IncidentRow, listIncidents, listOpenIncidents } from '#db/incidents.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import type { Value } from '#src/replies/reply.ts';
import { incidentName } from './find.ts';
import { readableBy, requireReader } from './private.ts';

/** The last one that somebody may read is hardly behind so many that they may not. */
const LAST_MAX = 20;

/**
 * The incident that is meant: the named one, or the only open one that the reader may know of.
 *
 * @throws UserError when there is none, or several are open and none is named, or it is private and not for the reader
 */
export async function findIncidentMeant(
  sql: Sql,
  named: string | undefined,
  reader: Actor,
): Promise<IncidentRow> {
  if (named !== undefined) {
    const row = await findIncidentByNumber(sql, Number(named.replace(/^(inc|drill)-/i, '')));
    // Whoever writes INC-8 does not mean DRILL-8.
    if (row && [incidentName(row), String(row.number)].includes(named.toUpperCase()))
      return requireReader(sql, reader, row);
    throw new UserError(
      'not_found',
      `There is no incident ${named.toUpperCase()}.`,
      'See which there are: incident list',
      { incident: 'There is no such incident.' },
    );
  }
  const [only, ...others] = await readableBy(sql, reader, await listOpenIncidents(sql));
  if (!only)
    throw new UserError(
      'not_found',
      'No incident is open.',
      'Declare one: incident declare "checkout is down"; or name an earlier one, such as --incident INC-7.',
      { incident: 'No incident is open; name an earlier one.' },
    );
  if (others.length === 0) return only;
  throw await severalOpen(sql, [only, ...others]);
}

/** Each is named with the way to its room, where no name is needed. */
async function severalOpen(sql: Sql, open: readonly IncidentRow[]): Promise<ChoiceNeeded> {
  const ids = open.map(({ id }) => id);
  const rooms = new Map((await listIncidentRooms(sql, ids)).map((room) => [room.incident_id, room]));
  const first = open[0] ? incidentName(open[0]) : 'INC-7';
  return new ChoiceNeeded(
    {
      tone: 'warning',
      title: `${listed(open.map(incidentName))} are open.`,
      hint: `Say which one, such as --incident ${first}, or say it in its room.`,
      sections: [{ heading: 'Open', lines: open.map((row) => lineOf(row, rooms.get(row.id))) }],
    },
    { incident: 'Several are open: say which one.' },
  );
}

function lineOf(row: IncidentRow, room: IncidentRoomRow | undefined): Value[] {
  const way: Value[] = room?.channel && room.name ? [{ channel: room.channel, name: room.name }] : [];
  return [`${incidentName(row)}: ${row.title}`, ...way];
}

/** The named incident, or the last one, open or not: what people mean once it is over. */
export async function findIncidentOrLast(
  sql: Sql,
  named: string | undefined,
  reader: Actor,
): Promise<IncidentRow> {
  const recent = named === undefined ? await listIncidents(sql, LAST_MAX) : [];
  const [last] = await readableBy(sql, reader, recent);
  return last ?? findIncidentMeant(sql, named, reader);
}
