import type { Sql } from '#db/connection.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { findPostmortem, insertPostmortem } from '#db/postmortems.ts';
import { setTimerIfNew } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';

/** Playbook, downtime response 5: the postmortem within 24 hours. */
const DUE_AFTER_MS = 24 * HOUR_MS;
/** While there is still time to write it. */
const REMIND_BEFORE_MS = 4 * HOUR_MS;

/** A drill's night is over sooner still than its updates are owed: 24 hours become 4 minutes at a pace of 30. */
const FASTER_IN_DRILLS = 12;

/**
 * From the first resolution on it is owed; a second one changes nothing about when, and goes on reminding: the timer may
 * have run out while it was open again.
 */
export async function openPostmortem(sql: Sql, cause: Cause, incident: IncidentRow): Promise<void> {
  const faster = isDrill(incident) ? incident.pace * FASTER_IN_DRILLS : 1;
  const dueAt = cause.now + Math.round(DUE_AFTER_MS / faster);
  await insertPostmortem(sql, {
    incident_id: incident.id,
    state: 'draft',
    due_at: dueAt,
    correlation_id: incident.correlation_id,
    created_at: cause.now,
  });
  const row = await findPostmortem(sql, incident.id);
  if (row?.state !== 'draft') return;
  await setTimerIfNew(sql, cause.now, {
    kind: 'postmortem_due',
    subject: incident.id,
    dueAt: Math.max(cause.now, row.due_at - Math.round(REMIND_BEFORE_MS / faster)),
  });
}
