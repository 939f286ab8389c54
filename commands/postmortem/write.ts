import { z } from 'zod';
import { updatePostmortem } from '#db/postmortems.ts';
import { UserError } from '#src/core/errors.ts';
import { clamp } from '#src/core/text.ts';
import { requireDraft } from '#src/postmortems/require-draft.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { fieldMeta, optionalTextField, ticketField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

const part = (label: string, hint: string) => optionalTextField(3_000, { label, hint, control: 'multiline' });

/** What only people know; what is left out stays as it is. */
export const postmortemWrite = defineCommand({
  name: 'postmortem write',
  summary: 'Write what happened, why, and what was learnt',
  examples: ['postmortem write INC-7 --summary "Checkout failed for 40 minutes." --cause "A missing index."'],
  allowed: ['oncall'],
  effect: 'reversible',
  reasonFrom: 'summary',
  input: z.object({
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    summary: part('What happened', 'For somebody who was not there'),
    cause: part('Why it happened', 'What in the system made it possible; nobody is blamed'),
    lessons: part('What was learnt', 'What went well, what did not, where there was luck'),
    ticket: ticketField,
  }),
  positionals: ['incident'],
  asksFor: ['summary', 'cause', 'lessons'],

  /** Whoever writes on sees what stands there. */
  async prefill({ incident: named }, { sql, cause: { actor } }) {
    const { name, row } = await requireDraft(sql, named, actor);
    const written = Object.entries({ summary: row.summary, cause: row.cause, lessons: row.lessons });
    return {
      incident: name,
      ...Object.fromEntries(written.flatMap(([key, text]) => (text ? [[key, text]] : []))),
    };
  },

  async plan({ incident: named, summary, cause, lessons }, { sql, cause: { actor } }) {
    const { name, row } = await requireDraft(sql, named, actor);
    const given = { summary, cause, lessons };
    const changes = Object.entries(given).flatMap(([key, text]) =>
      text === undefined || text === row[key as keyof typeof given]
        ? []
        : [
            {
              label: key,
              before: clamp(row[key as keyof typeof given] ?? 'not written', 200),
              after: clamp(text, 500),
            },
          ],
    );
    if (changes.length === 0)
      throw new UserError(
        'usage',
        'That changes nothing.',
        'Give --summary, --cause or --lessons; “incident postmortem” shows what stands there.',
      );
    return {
      title: `Write the postmortem of ${name}`,
      customerId: null,
      changes,
      confirmLabel: 'Write it down',
      basis: [row.incident_id, row.summary, row.cause, row.lessons],
      data: { name, incidentId: row.incident_id, given },
    };
  },

  async execute({ data: { name, incidentId, given }, changes }, { sql }) {
    const written = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined));
    await updatePostmortem(sql, incidentId, written);
    return {
      title: `The postmortem of ${name} says more now`,
      customerId: null,
      changes,
      facts: [{ label: 'Next', value: `When it is whole: postmortem file ${name}` }],
      before: Object.fromEntries(changes.map(({ label, before }) => [label, before])),
      after: written,
      undo: { line: null, sentence: 'Write it again; what stood there before is in the audit.' },
      json: { incident: name },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});
