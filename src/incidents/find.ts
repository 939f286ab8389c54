import type { IncidentRow } from '#db/incidents.ts';

/** `INC-7`, as people say it; one that is only played is `DRILL-7` wherever it is named. */
export function incidentName({ number, drill_id }: Pick<IncidentRow, 'number' | 'drill_id'>): string {
  return drill_id === null ? `INC-${number}` : `DRILL-${number}`;
}
