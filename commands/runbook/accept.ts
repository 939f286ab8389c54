import { z } from 'zod';
import { requireOwner } from '#src/runbooks/owner.ts';
import { decide, requireOpenSuggestion } from '#src/runbooks/suggest.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { suggestionField } from '#src/runner/runbook-fields.ts';

/** Its owner says yes: the change is made in the runbook’s file, and whoever suggested it is told. */
export const runbookAccept = defineCommand({
  name: 'runbook accept',
  summary: 'Say yes to what was suggested for a runbook',
  examples: ['runbook accept sug_01jd2n8t1k5wq7x3e9r4 --reason "it is in the next release"'],
  // Whose the runbooks are stands in the settings; that is checked when it is planned.
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ suggestion: suggestionField, ...changeInputs }),
  positionals: ['suggestion'],

  async plan({ suggestion: id }, { sql, settings, cause }) {
    requireOwner(settings, cause.actor);
    const row = await requireOpenSuggestion(sql, id);
    return {
      title: `Accept “${row.suggestion}”`,
      customerId: null,
      changes: [{ label: 'Suggestion', before: 'open', after: 'accepted' }],
      facts: [
        { label: 'Runbook', value: row.runbook },
        { label: 'Suggested by', value: row.actor_name },
      ],
      confirmLabel: 'Accept it',
      basis: [id, row.state],
      data: { row },
    };
  },

  async execute({ data: { row }, changes }, { sql, settings, cause }) {
    await decide(sql, settings, cause, row, 'accepted');
    return {
      title: `“${row.suggestion}” is accepted, and ${row.actor_name} is told`,
      customerId: null,
      changes,
      before: { state: 'open' },
      after: { state: 'accepted', suggestion: row.id },
      undo: { line: null, sentence: 'A decision stays; suggest it anew.' },
      json: { suggestion: row.id, accepted: true },
      isQuiet: true,
    };
  },
});
