import { z } from 'zod';
import { listInvestigationSteps } from '#db/investigations.ts';
import { closeCase, requireClosable } from '#src/investigations/change.ts';
import { requireOpenCase } from '#src/investigations/find.ts';
import { saysOf, stepNames } from '#src/investigations/steps.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { flagField, reasonField } from '#src/runner/fields.ts';
import { caseField } from '#src/runner/investigation-fields.ts';

/** Ends a case: with its patch and regression test linked, or saying that no code has to change and why. */
export const investigationClose = defineCommand({
  name: 'investigation close',
  summary: 'Close an investigation whose patch and regression test are linked',
  examples: [
    'investigation close ZD-812 --reason "shipped in 4.2.1"',
    'investigation close ZD-812 --no-change --reason "the file was empty"',
  ],
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({
    ticket: caseField,
    noChange: flagField({
      label: 'No code has to change',
      hint: 'Then neither patch nor test is asked for; the reason says why',
    }),
    reason: reasonField,
  }),
  positionals: ['ticket'],

  async plan({ ticket, noChange: isWithoutChange }, { sql }) {
    const row = await requireOpenCase(sql, ticket);
    requireClosable(row, isWithoutChange);
    const ticked = new Set((await listInvestigationSteps(sql, row.id)).map(({ step }) => step));
    // A patch that nobody needs is not missing.
    const left = stepNames.filter((step) => !ticked.has(step) && !(isWithoutChange && step === 'patch'));
    return {
      title: `Close the case of ${row.ticket}${isWithoutChange ? ' without a change of the code' : ''}`,
      customerId: null,
      changes: [{ label: 'Case', before: 'open', after: 'closed' }],
      warnings: left.map((step) => `Not done: ${saysOf(step)}`),
      confirmLabel: 'Close it',
      basis: [row.id, row.state, row.patch_url, row.test_url, isWithoutChange],
      data: { ticket: row.ticket, isWithoutChange },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const row = await closeCase(sql, settings, cause, data);
    return {
      title: `The case of ${row.ticket} is closed`,
      customerId: row.customer_id,
      changes,
      before: { state: 'open' },
      after: { state: 'closed', noChange: data.isWithoutChange, patch: row.patch_url, test: row.test_url },
      undo: { line: null, sentence: `It is opened again with: investigate ${row.ticket}` },
      logs: [{ event: 'investigation', action: 'investigation_closed', investigation: row.id }],
      json: { ticket: row.ticket, closed: true },
      isQuiet: true,
    };
  },
});
