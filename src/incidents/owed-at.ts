import type { IncidentRow } from '#db/incidents.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';

/** When the next update for customers is owed: so long after the last *published* one, or after the declaration. */
export function owedAt(settings: Settings, incident: Pick<IncidentRow, 'clock_at' | 'pace'>): number {
  const every = (settings.incidents.update_every_minutes * MINUTE_MS) / incident.pace;
  return incident.clock_at + Math.round(every);
}
