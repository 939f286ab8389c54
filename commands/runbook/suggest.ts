import { z } from 'zod';
import { runbookNameField } from '#src/runbooks/name-field.ts';
import { ownerWords } from '#src/runbooks/owner.ts';
import { requireProcedure } from '#src/runbooks/require-procedure.ts';
import { keepSuggestion } from '#src/runbooks/suggest.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { textField, ticketField } from '#src/runner/fields.ts';

/** Support runbook section 6: what was new on the way belongs into the runbook, and its owner decides how. */
export const runbookSuggest = defineCommand({
  name: 'runbook suggest',
  summary: 'Suggest a change to a runbook to its owner',
  examples: ['runbook suggest disputes "ask for the delivery note first" --ticket ZD-812'],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'text',
  input: z.object({
    name: runbookNameField,
    text: textField(500, 'Say what should stand there.', {
      label: 'What should stand there',
      placeholder: 'ask for the delivery note first',
      control: 'multiline',
    }),
    ticket: ticketField,
  }),
  positionals: ['name', 'text'],
  takesRest: true,

  async plan({ name, text }, { settings }) {
    const procedure = requireProcedure(name);
    return {
      title: `Suggest for “${procedure.title}”: ${text}`,
      customerId: null,
      changes: [{ label: 'Suggestion', before: 'none', after: 'open' }],
      facts: [
        { label: 'Decided by', value: ownerWords(settings) },
        { label: 'Told in', value: settings.channels[settings.runbooks.channel] },
      ],
      confirmLabel: 'Suggest it',
      basis: [procedure.name, text],
      data: { procedure, text },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const row = await keepSuggestion(sql, settings, cause, data);
    return {
      title: `Suggested for “${data.procedure.title}”; ${ownerWords(settings)} decides, and you will be told`,
      customerId: null,
      changes,
      facts: [{ label: 'Suggestion', value: { code: row.id } }],
      before: null,
      after: { suggestion: row.id, runbook: row.runbook },
      undo: { line: null, sentence: 'Its owner can decline it.' },
      json: { suggestion: row.id },
      isQuiet: true,
    };
  },
});
