import type { Sql } from '#db/connection.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { Settings } from '#src/core/settings.ts';
import { onCallAt } from '#src/oncall/rota.ts';
import { holdersOf } from '#src/policy/directory.ts';
import { slackIdOf } from '#src/policy/slack-id-of.ts';
import { callSettings, isDrill, leaderId } from '../drill-mark.ts';

/**
 * Who belongs into the room of an incident, by Slack member id: who declared it, who leads it, who is on call, whoever
 * was called since because customers heard nothing, and whoever has that role; of a drill only who takes part.
 */
export async function roomMembers(
  sql: Sql,
  settings: Settings,
  incident: IncidentRow,
  now: number,
): Promise<string[]> {
  const calls = await callSettings(sql, settings, incident);
  const { people } = await holdersOf(sql, calls, 'oncall', now);
  const ids = [
    leaderId(calls, incident),
    isDrill(incident) ? null : slackIdOf(settings, incident.declared_by),
    ...calls.oncall.rota
      .slice(0, Math.max(1, incident.pages))
      .map((_entry, level) => onCallAt(calls, level)?.slackId ?? null),
    ...people.map(({ slackId }) => slackId),
  ];
  return [...new Set(ids.filter((id) => id !== null))];
}
