import type { Sql } from '#db/connection.ts';
import { type IncidentEntryKind, insertIncidentEntry } from '#db/incident-entries.ts';
import { listOpenIncidents, touchIncident } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { renewIncidentCard } from './card.ts';

export type IncidentNote = {
  kind: IncidentEntryKind;
  /** A sentence. */
  text: string;
  /** A command line that shows more. */
  line?: string;
  /** The same key is written down once for each incident. */
  dedupeKey?: string;
};

/**
 * Writes into the timeline of every open incident what was just done, under the same transaction; nothing when there
 * is none (playbook, "Stripe webhook failure recovery" 4: log reconciliation actions in incident notes).
 */
export async function noteOpenIncidents(sql: Sql, cause: Cause, note: IncidentNote): Promise<void> {
  for (const incident of await listOpenIncidents(sql)) await addToTimeline(sql, cause, incident.id, note);
}

/** Writes into one incident's timeline, open or not, and shows it on its cards; false when it stood there already. */
export async function addToTimeline(
  sql: Sql,
  cause: Cause,
  incidentId: string,
  note: IncidentNote,
): Promise<boolean> {
  if (!(await noteIncident(sql, cause, incidentId, note))) return false;
  await renewIncidentCard(sql, cause, await touchIncident(sql, incidentId));
  return true;
}

/** The same message of Slack is written down once, whether it was chosen or pinned. */
export function messageKey(channel: string, ts: string): string {
  return `message:${channel}:${ts}`;
}

/** The key of what is said behind a link: a message of Slack under each of its addresses. */
export function linkKey(link: string): string {
  const [, channel, whole = '', part = ''] =
    /\/archives\/([A-Z0-9]+)\/p(\d{10,})(\d{6})(?!\d)/.exec(link) ?? [];
  return channel === undefined ? `link:${link}` : messageKey(channel, `${whole}.${part}`);
}

/** The entry alone; false when it stood there already. */
export async function noteIncident(
  sql: Sql,
  cause: Cause,
  incidentId: string,
  note: IncidentNote,
): Promise<boolean> {
  return insertIncidentEntry(sql, {
    id: newId('ine', cause.now),
    incident_id: incidentId,
    kind: note.kind,
    text: note.text,
    line: note.line ?? null,
    dedupe_key: note.dedupeKey ?? null,
    actor: cause.actor.id,
    actor_name: cause.actor.name,
    correlation_id: cause.correlationId,
    at: cause.now,
  });
}
