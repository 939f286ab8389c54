import type { Sql } from '#db/connection.ts';
import { findAlertOfDrill } from '#db/health-alerts.ts';
import { listIncidentEntries } from '#db/incident-entries.ts';
import { listIncidentUpdates } from '#db/incident-updates.ts';
import { findIncidentOfDrill } from '#db/incidents.ts';
import { findPostmortem } from '#db/postmortems.ts';
import type { DrillFacts } from './steps.ts';

export async function readDrillFacts(sql: Sql, drillId: string): Promise<DrillFacts> {
  const alert = (await findAlertOfDrill(sql, drillId)) ?? null;
  const incident = (await findIncidentOfDrill(sql, drillId)) ?? null;
  if (!incident) return { alert, incident, updates: [], notedAt: [], postmortem: null };
  const entries = await listIncidentEntries(sql, incident.id);
  return {
    alert,
    incident,
    updates: await listIncidentUpdates(sql, [incident.id]),
    notedAt: entries.filter(({ kind }) => kind === 'note').map(({ at }) => at),
    postmortem: (await findPostmortem(sql, incident.id)) ?? null,
  };
}
