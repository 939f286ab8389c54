import { z } from 'zod';
import { UserError } from '#src/core/errors.ts';
import { changeIncident } from '#src/incidents/change.ts';
import { readCommander } from '#src/incidents/commander.ts';
import { incidentName } from '#src/incidents/find.ts';
import { findIncidentMeant } from '#src/incidents/meant.ts';
import { severities, severityOf } from '#src/incidents/severity.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { fieldMeta, optionalChoiceField, optionalTextField, ticketField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

/** How bad it is, and who leads, are often known only later. */
export const incidentChange = defineCommand({
  name: 'incident change',
  summary: 'Say how bad an incident is, or who leads it',
  examples: ['incident change INC-7 --severity sev1', 'incident change --commander me'],
  allowed: ['oncall'],
  effect: 'reversible',
  isDoneByClick: true,
  reasonFrom: 'note',
  input: z.object({
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    severity: optionalChoiceField(severities, {
      label: 'Severity',
      hint: 'sev1: customers cannot use or buy it; sev2: a part is broken; sev3: few are touched',
    }),
    commander: optionalTextField(80, {
      label: 'Who leads',
      placeholder: 'ada',
      hint: 'A colleague, “me”, or “nobody”',
    }),
    note: optionalTextField(300, { label: 'Note' }),
    ticket: ticketField,
  }),
  positionals: ['incident'],
  asksFor: ['severity', 'commander'],

  async plan({ incident: named, severity, commander }, { sql, settings, cause }) {
    const incident = await findIncidentMeant(sql, named, cause.actor);
    const name = incidentName(incident);
    const leads = commander === undefined ? null : await readCommander(sql, settings, cause, commander);
    const changes = [
      ...(severity !== undefined && severity !== incident.severity
        ? [{ label: 'Severity', before: severityOf(incident.severity), after: severityOf(severity) }]
        : []),
      ...(leads !== null && leads.commander !== incident.commander
        ? [
            {
              label: 'Commander',
              before: incident.commander_name ?? 'nobody',
              after: leads.commander_name ?? 'nobody',
            },
          ]
        : []),
    ];
    if (changes.length === 0)
      throw new UserError('usage', 'That changes nothing.', 'Give --severity or --commander.', {
        severity: 'Choose how bad it is, or say who leads.',
      });
    return {
      title: `Change ${name}, “${incident.title}”`,
      customerId: null,
      changes,
      confirmLabel: 'Change it',
      basis: [incident.id, incident.severity, incident.commander, severity, leads?.commander],
      data: {
        incident,
        patch: {
          ...(severity === undefined ? {} : { severity }),
          ...leads,
        },
      },
    };
  },

  async execute({ data: { incident, patch }, changes }, { sql, cause }) {
    const said = changes.map(({ label, before, after }) => `${label.toLowerCase()} ${before} → ${after}`);
    await changeIncident(sql, cause, incident, patch, { kind: 'state', text: `changed ${said.join(', ')}` });
    const name = incidentName(incident);
    return {
      title: `${name} was changed: ${changes.map(({ label, after }) => `${label.toLowerCase()} ${after}`).join(', ')}`,
      customerId: null,
      changes,
      before: { severity: incident.severity, commander: incident.commander },
      after: patch,
      undo: { line: null, sentence: 'Change it back the same way.' },
      logs: [{ event: 'incident', action: 'incident_changed', incident: incident.id }],
      json: { incident: name },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
