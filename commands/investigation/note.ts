import { z } from 'zod';
import { touchCase } from '#src/investigations/change.ts';
import { requireOpenCase } from '#src/investigations/find.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { textField } from '#src/runner/fields.ts';
import { caseField } from '#src/runner/investigation-fields.ts';

/** What was seen and tried; it stands on the card, and in the audit, where it stays. */
export const investigationNote = defineCommand({
  name: 'investigation note',
  summary: 'Write down what was seen or tried in an investigation',
  examples: ['investigation note ZD-812 "only with two lines of one email"'],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'text',
  input: z.object({
    ticket: caseField,
    text: textField(500, 'Say what you saw or tried.', {
      label: 'Note',
      placeholder: 'only with two lines of one email',
      control: 'multiline',
    }),
  }),
  positionals: ['ticket', 'text'],
  takesRest: true,

  async plan({ ticket, text }, { sql }) {
    const row = await requireOpenCase(sql, ticket);
    return {
      title: `Add to the case of ${row.ticket}: ${text}`,
      customerId: null,
      changes: [{ label: 'Note', before: 'none', after: 'on the card' }],
      confirmLabel: 'Add it',
      basis: [row.id, text],
      data: { ticket: row.ticket },
    };
  },

  async execute({ data: { ticket }, changes }, { sql, settings, cause }) {
    const row = await touchCase(sql, settings, cause, ticket);
    return {
      title: `Noted in the case of ${ticket}`,
      customerId: row.customer_id,
      changes,
      before: null,
      after: { investigation: row.id },
      undo: { line: null, sentence: 'A note stays; add another one that corrects it.' },
      json: { ticket, noted: true },
      isQuiet: true,
    };
  },
});
