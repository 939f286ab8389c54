import type { Sql } from '#db/connection.ts';
import { findIncidentRoom } from '#db/incident-rooms.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { listThings } from '#db/things.ts';
import type { Actor } from '#src/core/actor.ts';
import { tellsOf } from '#src/incidents/hide.ts';
import { hiddenFrom, privateWords } from '#src/incidents/private.ts';
import type { Trail } from './trail.ts';

/** More than any incident has. */
const ROWS_MAX = 10_000;

/**
 * Takes out of a trail what private incidents say to those who have no part in them; that there is one stays.
 *
 * @param reader null for what is kept and shown to everybody
 */
export async function hidePrivate(sql: Sql, trail: Trail, reader: Actor | null): Promise<void> {
  const hidden = await hiddenFrom(sql, reader);
  if (hidden.length === 0) return;
  for (const incident of hidden) await hideOne(sql, trail, incident);
  for (const [id, row] of trail.audit) if (tellsOf(hidden, row)) trail.audit.delete(id);
}

async function hideOne(sql: Sql, trail: Trail, incident: IncidentRow): Promise<void> {
  const where = { incident_id: incident.id };
  for (const table of ['incident_entries', 'incident_updates', 'postmortem_actions'] as const)
    for (const row of await listThings(sql, table, where, ROWS_MAX)) trail.things.delete(String(row.id));
  const moment = trail.things.get(incident.id);
  if (moment) trail.addMoment({ ...moment, sentence: privateWords(incident), correlationId: '' });
  const room = await findIncidentRoom(sql, incident.id);
  for (const [id, message] of trail.messages) {
    const about = `${message.card_key ?? ''} ${message.thread_of ?? ''} ${message.dedupe_key}`;
    const isOfIt = about.includes(incident.id) || message.correlation_id === incident.correlation_id;
    if (isOfIt || (room?.channel && message.target === room.channel)) trail.messages.delete(id);
  }
  trail.correlationIds.delete(incident.correlation_id);
}
