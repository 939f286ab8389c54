import { z } from 'zod';
import { UserError } from '#src/core/errors.ts';
import { changeIncident } from '#src/incidents/change.ts';
import { startClock } from '#src/incidents/clock.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';
import { incidentName } from '#src/incidents/find.ts';
import { findIncidentMeant } from '#src/incidents/meant.ts';
import { tellRoom } from '#src/incidents/rooms/tell.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, fieldMeta } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

export const incidentReopen = defineCommand({
  name: 'incident reopen',
  summary: 'Open an incident again that was resolved too early',
  examples: ['incident reopen INC-7 --reason "it is back: half of the payments fail"'],
  allowed: ['oncall'],
  effect: 'reversible',
  input: z.object({
    incident: incidentField.meta({ ...fieldMeta(incidentField), hint: '“incident list” shows them' }),
    ...changeInputs,
  }),
  positionals: ['incident'],

  async plan({ incident: named, reason }, { sql, cause }) {
    const incident = await findIncidentMeant(sql, named, cause.actor);
    const name = incidentName(incident);
    if (incident.state !== 'resolved')
      throw new UserError(
        'conflict',
        `${name} is open: there is nothing to reopen.`,
        `Write down what you see: incident note "…" --incident ${name}`,
      );
    if (isDrill(incident))
      throw new UserError(
        'conflict',
        `${name} was only played, so it is not reopened.`,
        'Start another drill: incident drill',
      );
    return {
      title: `Reopen ${name}, “${incident.title}”`,
      customerId: null,
      changes: [{ label: 'Incident', before: incident.state, after: 'investigating' }],
      confirmLabel: 'Reopen the incident',
      basis: [incident.id, incident.state],
      data: { incident, reason },
    };
  },

  async execute({ data: { incident, reason }, changes }, { sql, settings, cause }) {
    const row = await changeIncident(
      sql,
      cause,
      incident,
      { state: 'investigating', resolved_at: null, clock_at: cause.now, clock_stage: 'none', pages: 0 },
      { kind: 'state', text: `reopened it: ${reason}` },
    );
    await startClock(sql, settings, cause, row);
    const name = incidentName(row);
    await tellRoom(sql, cause, row, {
      key: `reopened:${row.version}`,
      reply: {
        tone: 'warning',
        title: `${name} is open again: ${reason}`,
        correlationId: cause.correlationId,
      },
    });
    return {
      title: `${name} is open again`,
      customerId: null,
      changes,
      before: { state: incident.state },
      after: { state: row.state },
      undo: { line: `incident resolve ${name}`, sentence: 'Resolve it when it is over.' },
      logs: [{ event: 'incident', action: 'incident_reopened', incident: row.id }],
      json: { incident: name, state: row.state },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
