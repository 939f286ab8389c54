import type { Sql } from '#db/connection.ts';
import { type IncidentRow, lockIncident, updateIncident } from '#db/incidents.ts';
import { deleteTimer, setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { owedAt } from './owed-at.ts';
import { tellStage } from './owed-update.ts';

/** The draft is offered so long before an update is owed, and somebody is paged so long after. */
const DRAFT_BEFORE_MS = 5 * MINUTE_MS;
const PAGE_AFTER_MS = 5 * MINUTE_MS;
const PAGE_AGAIN_MS = 15 * MINUTE_MS;
/** However fast a drill's clock runs, nobody is called more often than this. */
const PAGE_AGAIN_MIN_MS = 2 * MINUTE_MS;

export type Stage = IncidentRow['clock_stage'];
const order: readonly Stage[] = ['none', 'draft', 'nag', 'page'];

/** Playbook, downtime response 4: customers hear of it every 30 minutes. Nothing is owed of a private incident. */
export async function startClock(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
): Promise<void> {
  if (incident.private_at !== null || incident.state === 'resolved') {
    await deleteTimer(sql, 'incident_clock', incident.id);
    return;
  }
  await setClock(sql, cause, incident.id, owedAt(settings, incident) - paced(DRAFT_BEFORE_MS, incident));
}

/**
 * What is due by now happens, once: after a time without a worker only the present stage, not those that were missed.
 * Whoever publishes meanwhile starts the clock anew, and this finds nothing to do.
 */
export async function runIncidentClock(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incidentId: string,
): Promise<void> {
  const incident = await lockIncident(sql, incidentId);
  if (!incident || incident.state === 'resolved' || incident.private_at !== null) return;
  const due = stageAt(settings, incident, cause.now);
  const isNew = order.indexOf(due) > order.indexOf(incident.clock_stage);
  const isAgain = due === 'page' && incident.clock_stage === 'page';
  if (isNew || isAgain) {
    const pages = incident.pages + (due === 'page' ? 1 : 0);
    await updateIncident(sql, incident, { clock_stage: due, pages });
    await tellStage(sql, settings, cause, { ...incident, pages }, due, owedAt(settings, incident));
  }
  await setClock(sql, cause, incident.id, nextAt(settings, incident, due, cause.now));
}

function stageAt(settings: Settings, incident: IncidentRow, now: number): Stage {
  const owed = owedAt(settings, incident);
  if (now >= owed + paced(PAGE_AFTER_MS, incident)) return 'page';
  if (now >= owed) return 'nag';
  return now >= owed - paced(DRAFT_BEFORE_MS, incident) ? 'draft' : 'none';
}

function nextAt(settings: Settings, incident: IncidentRow, stage: Stage, now: number): number {
  const owed = owedAt(settings, incident);
  if (stage === 'none') return owed - paced(DRAFT_BEFORE_MS, incident);
  if (stage === 'draft') return owed;
  if (stage === 'nag') return owed + paced(PAGE_AFTER_MS, incident);
  return now + Math.max(PAGE_AGAIN_MIN_MS, paced(PAGE_AGAIN_MS, incident));
}

/** A drill's clock runs faster than life. */
function paced(ms: number, { pace }: Pick<IncidentRow, 'pace'>): number {
  return Math.round(ms / pace);
}

async function setClock(sql: Sql, cause: Cause, incidentId: string, dueAt: number): Promise<void> {
  await setTimer(sql, cause.now, { kind: 'incident_clock', subject: incidentId, dueAt });
}
