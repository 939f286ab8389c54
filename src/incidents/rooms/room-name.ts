import type { IncidentRow } from '#db/incidents.ts';
import { clamp } from '#src/core/text.ts';
import { incidentName } from '../find.ts';
import { severityOf } from '../severity.ts';

/** Room for the number behind a taken name; the limit is 80 (docs.slack.dev/reference/methods/conversations.create). */
const NAME_MAX = 70;
/** docs.slack.dev/reference/methods/conversations.setTopic */
const TOPIC_MAX = 250;

/** `inc-12-checkout-is-down`: small letters, digits and hyphens, whatever the title is written in; `drill-12-…` of a drill. */
export function roomName({
  number,
  title,
  drill_id,
}: Pick<IncidentRow, 'number' | 'title' | 'drill_id'>): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-');
  return `${drill_id === null ? 'inc' : 'drill'}-${number}-${words}`.slice(0, NAME_MAX).replace(/-+$/, '');
}

/** A name that is taken gets a number. */
export function nameAtTry(wanted: string, tries: number): string {
  return tries <= 1 ? wanted : `${wanted}-${tries}`;
}

/** What stands above the room, whatever is said in it. */
export function roomTopic(row: IncidentRow): string {
  const led = row.commander_name === null ? 'nobody leads yet' : `${row.commander_name} leads`;
  const severity = row.severity === null ? 'severity not set' : severityOf(row.severity);
  return clamp(`${incidentName(row)}, ${row.state} · ${severity} · ${led}`, TOPIC_MAX);
}
