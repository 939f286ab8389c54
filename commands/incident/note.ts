import { z } from 'zod';
import { findIncidentMeant, incidentName } from '#src/incidents/find.ts';
import { addToTimeline } from '#src/incidents/note.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { fieldMeta, textField, ticketField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

const textInput = textField(1_000, 'Say what happened or what you did.', {
  label: 'Note',
  placeholder: 'Stripe answers again since 14:05',
  control: 'multiline',
});

/** What people see and do stands beside what Lucy did, and goes into the postmortem. */
export const incidentNote = defineCommand({
  name: 'incident note',
  summary: 'Write something into an incident’s timeline',
  examples: [
    'incident note "Stripe answers again since 14:05"',
    'incident note "rolled back" --incident INC-7',
  ],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'text',
  input: z.object({
    text: textInput,
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    ticket: ticketField,
  }),
  positionals: ['text'],
  takesRest: true,

  async plan({ text, incident: named }, { sql }) {
    const incident = await findIncidentMeant(sql, named);
    const name = incidentName(incident);
    return {
      title: `Add a note to ${name}, “${incident.title}”`,
      customerId: null,
      changes: [{ label: 'Timeline', before: 'without it', after: text }],
      confirmLabel: 'Add the note',
      basis: [incident.id, text],
      data: { incident, text },
    };
  },

  async execute({ data: { incident, text }, changes }, { sql, cause }) {
    await addToTimeline(sql, cause, incident.id, { kind: 'note', text });
    const name = incidentName(incident);
    return {
      title: `Noted in ${name}`,
      customerId: null,
      changes,
      before: { incident: name },
      after: { incident: name, note: text },
      undo: { line: null, sentence: 'A timeline is never rewritten; add another note that puts it right.' },
      logs: [{ event: 'incident', action: 'incident_noted', incident: incident.id }],
      json: { incident: name },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
