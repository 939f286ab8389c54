import type { Sql } from '#db/connection.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { insertPostmortem } from '#db/postmortems.ts';
import { putTimerIfNew } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';

/** Playbook, downtime response 5: the postmortem within 24 hours. */
const DUE_AFTER_MS = 24 * HOUR_MS;
/** While there is still time to write it. */
const REMIND_BEFORE_MS = 4 * HOUR_MS;

/** From the first resolution on it is owed; a second one changes nothing about when. */
export async function openPostmortem(sql: Sql, cause: Cause, incident: IncidentRow): Promise<void> {
  const dueAt = cause.now + DUE_AFTER_MS;
  await insertPostmortem(sql, {
    incident_id: incident.id,
    state: 'draft',
    due_at: dueAt,
    correlation_id: incident.correlation_id,
    created_at: cause.now,
  });
  await putTimerIfNew(sql, {
    id: newId('tim', cause.now),
    kind: 'postmortem_due',
    subject: incident.id,
    due_at: dueAt - REMIND_BEFORE_MS,
    attempts: 0,
    last_error: null,
  });
}
