import { z } from 'zod';
import { describeIncident } from '#src/incidents/card.ts';
import { findIncidentMeant } from '#src/incidents/meant.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { fieldMeta } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

/** For whoever comes later: what it is, how bad, who leads, and what was done. */
export const incidentStatus = defineLookup({
  name: 'incident status',
  summary: 'Show an incident with its timeline',
  examples: ['incident status', 'incident status INC-7'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }) }),
  positionals: ['incident'],

  async answer({ incident }, { sql, settings, cause }) {
    return describeIncident(sql, await findIncidentMeant(sql, incident, cause.actor), settings);
  },
});
