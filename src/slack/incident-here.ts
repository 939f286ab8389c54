import type { Sql } from '#db/connection.ts';
import { listOpenIncidents } from '#db/incidents.ts';
import type { Actor } from '#src/core/actor.ts';
import { incidentName } from '#src/incidents/find.ts';
import { readableBy } from '#src/incidents/private.ts';
import { incidentHere } from '#src/incidents/rooms/here.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Origin } from './parts.ts';

type Raw = Record<string, string>;

/** In the room of an incident, and in the thread of its card, nobody need name it. */
export async function withIncidentHere(
  sql: Sql,
  place: Pick<Origin, 'channelId' | 'threadTs'>,
  command: Command,
  raw: Raw,
): Promise<Raw> {
  if (!lacksIncident(command, raw)) return raw;
  const here = await incidentHere(sql, place);
  return here ? { ...raw, incident: incidentName(here) } : raw;
}

/** A form shows which incident it is about, when there is only one that it can be. */
export async function withOnlyIncident(sql: Sql, actor: Actor, command: Command, raw: Raw): Promise<Raw> {
  if (!lacksIncident(command, raw)) return raw;
  const [only, ...others] = await readableBy(sql, actor, await listOpenIncidents(sql));
  return only && others.length === 0 ? { ...raw, incident: incidentName(only) } : raw;
}

function lacksIncident(command: Command, raw: Raw): boolean {
  return 'incident' in command.input.shape && raw.incident === undefined;
}
