import type { Sql } from '#db/connection.ts';
import { insertIncidentUpdate } from '#db/incident-updates.ts';
import type { IncidentRow, IncidentState } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { changeIncident } from './change.ts';
import { startClock } from './clock.ts';
import { isDrill } from './drill-mark.ts';
import { incidentName } from './find.ts';
import { describeImpacts, type Impacts } from './impact.ts';
import { owedAt } from './owed-at.ts';

export type PublicUpdate = { state: IncidentState; body: string; impacts: Impacts; publicTitle: string };

/** What customers are told becomes true everywhere at once: page, feed, timeline, card and the clock of the next one. */
export async function publishUpdate(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
  update: PublicUpdate,
): Promise<IncidentRow> {
  requirePublic(incident);
  const dueAt = owedAt(settings, incident);
  const impacts = JSON.stringify(update.impacts);
  await insertIncidentUpdate(sql, {
    id: newId('upd', cause.now),
    incident_id: incident.id,
    state: update.state,
    body: update.body,
    impacts,
    due_at: dueAt,
    published_at: cause.now,
    author: cause.actor.person,
    author_name: cause.actor.name,
    correlation_id: cause.correlationId,
  });
  const isOver = update.state === 'resolved';
  const late = cause.now - dueAt;
  const row = await changeIncident(
    sql,
    cause,
    incident,
    {
      state: update.state,
      resolved_at: isOver ? cause.now : null,
      public_title: update.publicTitle,
      impacts,
      clock_at: cause.now,
      clock_stage: 'none',
      pages: 0,
    },
    {
      kind: 'update',
      text: `${isDrill(incident) ? 'would have told customers' : 'told customers'} (${update.state}; ${describeImpacts(settings, update.impacts)}): ${update.body}${
        late > 0 ? ` This was ${spanWords(late)} late.` : ''
      }`,
    },
  );
  await startClock(sql, settings, cause, row);
  return row;
}

/** @throws UserError for an incident of which nothing may be published */
export function requirePublic(incident: IncidentRow): void {
  if (incident.private_at === null) return;
  throw new UserError(
    'refused',
    `${incidentName(incident)} is private, so nothing of it is published.`,
    'Write it down with “incident note”. If customers have to know, declare another incident without --private.',
  );
}
