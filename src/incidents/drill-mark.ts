import type { Sql } from '#db/connection.ts';
import { type DrillParticipant, type DrillRow, findDrill } from '#db/drills.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { Settings } from '#src/core/settings.ts';
import { slackIdOf } from '#src/policy/slack-id-of.ts';

/** A drill's incident or alert is only played: nothing of it is published or counted, and nobody outside is called. */
export function isDrill(row: { drill_id: string | null }): boolean {
  return row.drill_id !== null;
}

export function participantsOf(drill: Pick<DrillRow, 'participants'>): DrillParticipant[] {
  return JSON.parse(drill.participants);
}

/**
 * The settings by which people are called: as they are, or with the drill's participants in the place of the rota and
 * of the role on call, without a phone number. Whoever calls anybody about an incident or alert asks these.
 */
export async function callSettings(
  sql: Sql,
  settings: Settings,
  row: { drill_id: string | null },
): Promise<Settings> {
  if (row.drill_id === null) return settings;
  const drill = await findDrill(sql, row.drill_id);
  // Whom Slack knows is called first: the others read nothing there.
  const taking = (drill ? participantsOf(drill) : []).toSorted(
    (one, other) => Number(one.slackId === null) - Number(other.slackId === null),
  );
  const slackIds = taking.flatMap(({ slackId }) => slackId ?? []);
  return {
    ...settings,
    people: Object.fromEntries(
      taking.map(({ person, name, slackId }) => [
        person,
        { name, slack: slackId === null ? [] : [slackId], roles: [] },
      ]),
    ),
    roles: { ...settings.roles, oncall: { groups: [], members: slackIds } },
    oncall: { ...settings.oncall, rota: taking.map(({ person }) => ({ person })) },
  };
}

/** Where whoever leads reads direct messages; null for nobody, and for somebody who takes no part in the drill. */
export function leaderId(
  calls: Settings,
  incident: Pick<IncidentRow, 'commander' | 'drill_id'>,
): string | null {
  const slackId = slackIdOf(calls, incident.commander);
  const isOutside = slackId !== null && isDrill(incident) && !calls.roles.oncall.members.includes(slackId);
  return isOutside ? null : slackId;
}
