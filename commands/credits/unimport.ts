import { z } from 'zod';
import { lookAtLines } from '#src/batches/describe-file.ts';
import { planReversals } from '#src/batches/plan-reversals.ts';
import { startBatch } from '#src/batches/start-batch.ts';
import { counted } from '#src/core/text.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { runField } from '#src/runner/id-fields.ts';

/** The credits of an import taken back, line by line, as far as they are not spent: what `undo` of one comes down to. */
export const creditsUnimport = defineCommand({
  name: 'credits unimport',
  summary: 'Take the credits of an import back',
  examples: ['credits unimport run_01k9zq3v5t8w2x4y6z7a8b9c0d --reason "wrong file" --ticket ZD-900'],
  allowed: ['support', 'billing'],
  effect: 'moves value',
  input: z.object({ run: runField, ...changeInputs }),
  positionals: ['run'],
  // How much it is, only the import says.
  measure: () => ({}),

  async plan({ run }, { sql }) {
    const { batch, lines, granted, largest, left } = await planReversals(sql, run);
    const what = `what is left of ${counted(granted, 'credit')} from ${batch.subject}`;
    return {
      title: `Take back ${what}`,
      customerId: null,
      changes: [
        {
          label: 'Credits of the import',
          before: granted.toLocaleString('en-US'),
          after: `${(granted - left).toLocaleString('en-US')} that are spent, lapsed or taken back already`,
        },
      ],
      facts: [
        { label: 'Import', value: { code: run } },
        { label: 'Lines', value: lines.length.toLocaleString('en-US') },
        { label: 'Left to take', value: counted(left, 'credit') },
      ],
      warnings: left < granted ? ['What was spent stays spent: Lucy takes no balance below zero.'] : [],
      confirmLabel: `Take back ${counted(left, 'credit')}`,
      isDanger: true,
      // The product spends all the time; which lines are taken back does not change by it.
      basis: [batch.id, lines.map(({ line }) => line)],
      measures: { credits: largest, total: granted },
      ...lookAtLines(run),
      data: { batch, lines, what, left },
    };
  },

  async execute({ data: { batch, lines, what, left }, changes }, { sql, cause }) {
    const { id } = await startBatch(sql, cause, {
      command: 'credits unimport',
      fileId: null,
      subject: batch.subject,
      lines,
      bad: [],
    });
    return {
      title: `Taking back ${what} has begun`,
      customerId: null,
      changes,
      facts: [{ label: 'Import', value: { code: batch.run_id } }],
      before: { import: batch.id, left },
      after: { batch: id },
      undo: { line: null, sentence: 'To give them again, import the file again with --again.' },
      isOnItsWay: true,
      follow: `batch:${id}`,
      logs: [{ event: 'batch_begun', action: 'credits_unimport', batch: id, lines: lines.length }],
      json: { batch: id, import: batch.run_id, lines: lines.length },
    };
  },
});
