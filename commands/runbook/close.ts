import { z } from 'zod';
import { closeRunbook } from '#src/runbooks/close.ts';
import { requireOpenRun } from '#src/runbooks/find-run.ts';
import { findProcedure } from '#src/runbooks/procedures.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { runbookRunField } from '#src/runner/runbook-fields.ts';

/** Ends a runbook before all its steps are done, and says why. */
export const runbookClose = defineCommand({
  name: 'runbook close',
  summary: 'End a runbook before all its steps are done',
  examples: ['runbook close rbk_01jd2n8t1k5wq7x3e9r4 --reason "it was another customer"'],
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ run: runbookRunField, ...changeInputs }),
  positionals: ['run'],

  async plan({ run: id, reason }, { sql }) {
    const run = await requireOpenRun(sql, id);
    return {
      title: `Close “${findProcedure(run.runbook)?.title ?? run.runbook}”`,
      customerId: null,
      changes: [{ label: 'Checklist', before: 'open', after: 'closed' }],
      facts: [{ label: 'Started by', value: run.actor_name }],
      confirmLabel: 'Close it',
      basis: [id, run.state],
      data: { id, reason, customerId: run.customer_id || null },
    };
  },

  async execute({ data: { id, reason, customerId }, changes }, { sql, settings, cause }) {
    await closeRunbook(sql, settings, cause, id, reason);
    return {
      title: 'The runbook is closed',
      customerId,
      changes,
      before: { state: 'open' },
      after: { state: 'closed', checklist: id },
      undo: { line: null, sentence: 'Start it again if it is still needed.' },
      json: { checklist: id, closed: true },
      isQuiet: true,
    };
  },
});
