import { z } from 'zod';
import { admitFile } from '#src/batches/admit-file.ts';
import { checkCredits } from '#src/batches/check-credits.ts';
import { checkFile } from '#src/batches/check-file.ts';
import { linesFacts, lookAtLines } from '#src/batches/describe-file.ts';
import { largestOf, sampleChanges, severalWarnings, sumFacts, sumOf } from '#src/batches/describe-plan.ts';
import { repeatedWarnings } from '#src/batches/given-before.ts';
import { startBatch } from '#src/batches/start-batch.ts';
import { counted } from '#src/core/text.ts';
import { countField } from '#src/runner/credit-fields.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, emailColumn, flagField, reasonField, ticketField } from '#src/runner/fields.ts';
import { csvFileField, csvFileInputs } from '#src/runner/file-field.ts';
import { futureMoment, untilField } from '#src/runner/until-field.ts';

/** A line is read by the same fields as `credits grant`. */
const kind = {
  columns: { names: ['email', 'credits', 'reason', 'ticket', 'expires'], needed: ['email', 'credits'] },
  schema: z.object({
    email: emailColumn,
    credits: countField,
    reason: reasonField.optional(),
    ticket: ticketField,
    expires: untilField,
  }),
  hints: {
    email: 'Give the login email, such as sofia@firm.com.',
    credits: 'It has no fraction, and is at least 1.',
    reason: 'Say why in a few words, or leave it empty for the reason of the import.',
    ticket: 'Give one such as ZD-812, or leave it empty.',
    expires: 'Give 30d or a date such as 2026-12-31, or leave it empty for never.',
  },
};

/** Support runbook section 3 for many customers at once: one preview, one approval, each line exactly once. */
export const creditsImport = defineCommand({
  name: 'credits import',
  summary: 'Give many customers credits, from a CSV file',
  examples: [
    'credits import credits.csv --reason "outage in May" --ticket ZD-900',
    'credits import credits.csv --skip-bad --reason "outage in May"',
  ],
  allowed: ['support', 'billing'],
  effect: 'moves value',
  input: z.object({
    file: csvFileField(kind.columns),
    ...csvFileInputs,
    allowRepeats: flagField({ label: 'Allow repeated lines', hint: 'The same line twice is meant twice' }),
    ...changeInputs,
  }),
  positionals: ['file'],
  // How much it is, only the file says.
  measure: () => ({}),

  gather: ({ file }, { sql }) => checkFile(sql, file, kind),

  async plan({ skipBad, again, allowRepeats }, { sql, cause }, file) {
    if (!file) throw new Error('The file was not read');
    const { lines, bad, shares, limited, repeated } = await checkCredits(sql, file, {
      allowsRepeats: allowRepeats,
      again,
      cause,
      momentOf: (typed) => futureMoment('expires', typed, cause.now),
    });
    const isEmpty = lines.length === 0;
    const admitted = await admitFile(sql, 'credits import', file, bad, { skipBad, again, isEmpty });
    const total = sumOf(shares);
    const what = `${counted(total, 'credit')} for ${counted(shares.length, 'customer')}`;
    return {
      title: `Import ${what} from ${file.name}`,
      customerId: null,
      changes: sampleChanges(shares),
      facts: [...sumFacts(file.name, lines.length, shares), ...linesFacts(cause.runId)],
      warnings: [...admitted.warnings, ...repeatedWarnings(repeated), ...severalWarnings(shares)],
      confirmLabel: `Import ${counted(total, 'credit')}`,
      // Balances move all the time; who gets how much does not.
      basis: [file.id, lines.map(({ line, customerId }) => [line, customerId]), admitted.basis],
      measures: { credits: largestOf(shares)?.credits ?? 0, total, shares: limited },
      ...(admitted.file ? { file: admitted.file } : {}),
      ...lookAtLines(cause.runId),
      data: { file, lines, bad, what, total },
    };
  },

  async execute({ data: { file, lines, bad, what, total }, changes }, { sql, cause }) {
    const { id } = await startBatch(sql, cause, {
      command: 'credits import',
      fileId: file.id,
      subject: file.name,
      lines,
      bad,
    });
    return {
      title: `Import of ${what} from ${file.name} has begun`,
      customerId: null,
      changes,
      facts: [{ label: 'File', value: file.name }],
      before: { lines: lines.length, leftOut: bad.length },
      after: { batch: id, file: file.id, credits: total },
      undo: {
        line: `credits unimport ${cause.runId}`,
        sentence: 'Undo takes back, line by line, what is not spent by then.',
      },
      isOnItsWay: true,
      follow: `batch:${id}`,
      logs: [
        { event: 'batch_begun', action: 'credits_import', batch: id, lines: lines.length, credits: total },
      ],
      json: { batch: id, file: file.name, lines: lines.length, credits: total },
    };
  },
});
