import { z } from 'zod';
import { type IncidentSeverity, insertIncident, listOpenIncidents } from '#db/incidents.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import { renewIncidentCard } from '#src/incidents/card.ts';
import { startClock } from '#src/incidents/clock.ts';
import { incidentName } from '#src/incidents/find.ts';
import { noteIncident } from '#src/incidents/note.ts';
import { severities, severityOf } from '#src/incidents/severity.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { flagField, optionalChoiceField, textField, ticketField } from '#src/runner/fields.ts';

type Wanted = { title: string; severity: IncidentSeverity | null; isPrivate: boolean };

/** One line at night is enough: what is wrong. Everything else can follow. */
export const incidentDeclare = defineCommand({
  name: 'incident declare',
  summary: 'Open an incident, so that everything done from now on stands in its timeline',
  examples: ['incident declare "checkout is down"', 'incident declare "webhooks fail" --severity sev2'],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'title',
  input: z.object({
    title: textField(200, 'Say in a few words what is wrong, such as “checkout is down”.', {
      label: 'What is wrong',
      placeholder: 'checkout is down',
    }),
    severity: optionalChoiceField(severities, { label: 'Severity', hint: 'Can be set later' }),
    private: flagField({ label: 'Private', hint: 'Nothing of it is ever published, and no update is owed' }),
    ticket: ticketField,
  }),
  positionals: ['title'],
  takesRest: true,

  async plan({ title, severity, private: isPrivate }, { sql, settings }) {
    const open = await listOpenIncidents(sql);
    const minutes = settings.incidents.update_every_minutes;
    return {
      title: `Declare an incident: ${title}`,
      customerId: null,
      changes: [{ label: 'Incident', before: 'none', after: 'investigating' }],
      facts: [
        { label: 'Severity', value: severityOf(severity ?? null) },
        {
          label: 'Customers',
          value: isPrivate
            ? 'Hear nothing of it: it is private.'
            : `Hear nothing yet; an update for them is owed every ${minutes} minutes.`,
        },
      ],
      warnings: open.map(
        (other) =>
          `${incidentName(other)} is open already: ${other.title}. If it is the same, add a note there instead.`,
      ),
      confirmLabel: 'Declare the incident',
      basis: [title, severity ?? null, isPrivate],
      data: { title, severity: severity ?? null, isPrivate } as Wanted,
    };
  },

  async execute({ data: { title, severity, isPrivate }, changes }, { sql, settings, cause }) {
    const row = await insertIncident(sql, {
      id: newId('inc', cause.now),
      title,
      severity,
      state: 'investigating',
      commander: cause.actor.person,
      commander_name: cause.actor.name,
      declared_by: cause.actor.person,
      declared_name: cause.actor.name,
      declared_at: cause.now,
      resolved_at: null,
      private_at: isPrivate ? cause.now : null,
      clock_at: cause.now,
      correlation_id: cause.correlationId,
    });
    await noteIncident(sql, cause, row.id, { kind: 'declared', text: `declared “${title}”` });
    await startClock(sql, settings, cause, row);
    await renewIncidentCard(sql, cause, row);
    const name = incidentName(row);
    const owed = { at: row.clock_at + settings.incidents.update_every_minutes * MINUTE_MS };
    return {
      title: `${name} is open: ${title}`,
      customerId: null,
      changes,
      facts: [
        ...(isPrivate ? [] : [{ label: 'First update for customers', value: owed }]),
        { label: 'Next', value: `Write down what you see and do: incident note "…"` },
      ],
      before: { state: null },
      after: { incident: name, state: row.state, severity, private: isPrivate },
      undo: { line: `incident resolve ${name}`, sentence: 'If it was none, resolve it and say so.' },
      logs: [{ event: 'incident', action: 'incident_declared', incident: row.id, number: row.number }],
      json: { incident: name, state: row.state },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
