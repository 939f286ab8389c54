import { z } from 'zod';
import { insertAction } from '#db/postmortems.ts';
import { formatUtc, parseTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { incidentName } from '#src/incidents/find.ts';
import { findIncidentOrLast } from '#src/incidents/meant.ts';
import { findPerson } from '#src/policy/directory.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { fieldMeta, optionalTextField, textField, ticketField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

/** What is done so that it does not happen again, and by whom. */
export const postmortemAction = defineCommand({
  name: 'postmortem action',
  summary: 'Add what somebody will do so that an incident does not happen again',
  examples: ['postmortem action "an index on orders.customer" --owner ada --due 2026-12-01 --incident INC-7'],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'text',
  input: z.object({
    text: textField(500, 'Say what will be done.', {
      label: 'What will be done',
      placeholder: 'an index on orders.customer',
    }),
    owner: optionalTextField(80, { label: 'By whom', hint: 'Yourself when empty' }),
    due: optionalTextField(40, { label: 'Until', placeholder: '2026-12-01' }),
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    ticket: ticketField,
  }),
  positionals: ['text'],
  takesRest: true,

  async plan({ text, owner, due, incident: named }, { sql, settings, cause }) {
    const incident = await findIncidentOrLast(sql, named, cause.actor);
    const name = incidentName(incident);
    const person = owner === undefined ? cause.actor : await findPerson(sql, settings, owner, cause.now);
    if (!person)
      throw fieldError(
        'owner',
        `Lucy knows nobody called “${owner}”.`,
        'Name a key under people, or a Slack member id.',
      );
    const dueAt = due === undefined ? null : parseTime(due);
    if (due !== undefined && dueAt === null)
      throw fieldError('due', `“${due}” is no date.`, 'Write it as 2026-12-01.');
    return {
      title: `${person.name}: ${text}`,
      customerId: null,
      changes: [{ label: `Actions of ${name}`, before: 'without it', after: text }],
      facts: [
        { label: 'By whom', value: person.name },
        { label: 'Until', value: dueAt === null ? 'no date' : formatUtc(dueAt) },
      ],
      confirmLabel: 'Add the action',
      basis: [incident.id, text, person.person, dueAt],
      data: { name, incidentId: incident.id, text, owner: person, dueAt },
    };
  },

  async execute({ data: { name, incidentId, text, owner, dueAt }, changes }, { sql, cause }) {
    const id = newId('act', cause.now);
    await insertAction(sql, {
      id,
      incident_id: incidentId,
      text,
      owner: owner.person,
      owner_name: owner.name,
      due_at: dueAt,
      created_at: cause.now,
      done_at: null,
      done_by: null,
    });
    return {
      title: `${owner.name} has an action of ${name}`,
      customerId: null,
      changes,
      facts: [{ label: 'Action', value: { code: id } }],
      before: null,
      after: { action: id, text, owner: owner.name },
      undo: { line: `postmortem done ${id}`, sentence: 'If it is not needed, mark it as done and say why.' },
      json: { action: id, incident: name },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
