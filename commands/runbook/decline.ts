import { z } from 'zod';
import { requireOwner } from '#src/runbooks/owner.ts';
import { decide, requireOpenSuggestion } from '#src/runbooks/suggest.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { suggestionField } from '#src/runner/runbook-fields.ts';

/** Its owner says no, with the reason that whoever suggested it is told. */
export const runbookDecline = defineCommand({
  name: 'runbook decline',
  summary: 'Say no to what was suggested for a runbook, with the reason',
  examples: ['runbook decline sug_01jd2n8t1k5wq7x3e9r4 --reason "the card shows it already"'],
  // Whose the runbooks are stands in the settings; that is checked when it is planned.
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ suggestion: suggestionField, ...changeInputs }),
  positionals: ['suggestion'],

  async plan({ suggestion: id }, { sql, settings, cause }) {
    requireOwner(settings, cause.actor);
    const row = await requireOpenSuggestion(sql, id);
    return {
      title: `Decline “${row.suggestion}”`,
      customerId: null,
      changes: [{ label: 'Suggestion', before: 'open', after: 'declined' }],
      facts: [
        { label: 'Runbook', value: row.runbook },
        { label: 'Suggested by', value: row.actor_name },
      ],
      confirmLabel: 'Decline it',
      basis: [id, row.state],
      data: { row },
    };
  },

  async execute({ data: { row }, changes }, { sql, settings, cause }) {
    await decide(sql, settings, cause, row, 'declined');
    return {
      title: `“${row.suggestion}” is declined, and ${row.actor_name} is told`,
      customerId: null,
      changes,
      before: { state: 'open' },
      after: { state: 'declined', suggestion: row.id },
      undo: { line: null, sentence: 'A decision stays; suggest it anew.' },
      json: { suggestion: row.id, declined: true },
      isQuiet: true,
    };
  },
});
