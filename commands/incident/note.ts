import { z } from 'zod';
import { findIncidentEntry } from '#db/incident-entries.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { incidentName } from '#src/incidents/find.ts';
import { findIncidentMeant } from '#src/incidents/meant.ts';
import { addToTimeline, linkKey } from '#src/incidents/note.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { fieldMeta, optionalTextField, textField, ticketField } from '#src/runner/fields.ts';
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
  isDoneAtOnce: true,
  reasonFrom: 'text',
  input: z.object({
    text: textInput,
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    link: optionalTextField(500, {
      label: 'Link',
      placeholder: 'https://acme.slack.com/archives/…',
      hint: 'To where it was said; the same message is noted once',
    }),
    ticket: ticketField,
  }),
  positionals: ['text'],
  takesRest: true,

  async plan({ text, incident: named, link }, { sql, cause }) {
    const incident = await findIncidentMeant(sql, named, cause.actor);
    const name = incidentName(incident);
    if (link !== undefined && !/^https?:\/\/\S+$/.test(link))
      throw fieldError(
        'link',
        `“${link}” is not a link.`,
        'Copy it from the message: it begins with https://.',
      );
    const key = link === undefined ? null : linkKey(link);
    if (key !== null && (await findIncidentEntry(sql, incident.id, key))) throw alreadyNoted(name);
    return {
      title: `Add a note to ${name}, “${incident.title}”`,
      customerId: null,
      changes: [{ label: 'Timeline', before: 'without it', after: text }],
      confirmLabel: 'Add the note',
      basis: [incident.id, text, link ?? null],
      data: { incident, text: link === undefined ? text : `${text} ${link}`, key },
    };
  },

  async execute({ data: { incident, text, key }, changes }, { sql, cause }) {
    const name = incidentName(incident);
    const note = { kind: 'note' as const, text, ...(key === null ? {} : { dedupeKey: key }) };
    if (!(await addToTimeline(sql, cause, incident.id, note))) throw alreadyNoted(name);
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

function alreadyNoted(name: string): UserError {
  return new UserError(
    'conflict',
    `This message stands in the timeline of ${name} already; nothing was added.`,
    `See it: incident status ${name}`,
  );
}
