import { z } from 'zod';
import { admitFile } from '#src/batches/admit-file.ts';
import { checkCustomers } from '#src/batches/check-customers.ts';
import { checkFile } from '#src/batches/check-file.ts';
import { linesFacts, lookAtLines } from '#src/batches/describe-file.ts';
import { largestOf, sampleChanges, sharesOf, sumFacts, sumOf } from '#src/batches/describe-plan.ts';
import { startBatch } from '#src/batches/start-batch.ts';
import { tierFacts } from '#src/batches/tier-facts.ts';
import { lowestTier } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { openingBalanceColumn } from '#src/runner/credit-fields.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import {
  changeInputs,
  newEmailField,
  optionalTextField,
  stripeCustomerField,
  tierField,
} from '#src/runner/fields.ts';
import { csvFileField, csvFileInputs } from '#src/runner/file-field.ts';

/** A line is read by the same fields as `customer add` and `tier set`. */
const kind = {
  columns: { names: ['email', 'name', 'stripe_customer', 'tier', 'credits'], needed: ['email'] },
  schema: z.object({
    email: newEmailField,
    name: optionalTextField(120, { label: 'Name' }),
    stripe_customer: stripeCustomerField.optional(),
    tier: tierField.optional(),
    credits: openingBalanceColumn,
  }),
  hints: {
    email: 'Give the login email, such as sofia@firm.com.',
    name: 'Give at most 120 characters, or leave it empty.',
    stripe_customer: 'Give the id from Stripe, such as cus_Nff2x, or leave it empty.',
    tier: 'Give one of the tiers, or leave it empty.',
    credits: 'Give the opening balance as a whole number, or leave it empty.',
  },
};

/** The customers that an old system had, with their opening balances (DESIGN section 10: going live). */
export const customerImport = defineCommand({
  name: 'customer import',
  summary: 'Add many customers, from a CSV file',
  examples: [
    'customer import customers.csv --reason "moving from the old system" --ticket OPS-12',
    'customer import customers.csv --skip-bad --reason "moving from the old system"',
  ],
  allowed: ['support', 'billing', 'admin'],
  effect: 'moves value',
  input: z.object({ file: csvFileField(kind.columns), ...csvFileInputs, ...changeInputs }),
  positionals: ['file'],
  // How much it is, only the file says.
  measure: () => ({}),

  gather: ({ file }, { sql }) => checkFile(sql, file, kind),

  async plan({ skipBad, again }, { sql, settings, cause }, file) {
    if (!file) throw new Error('The file was not read');
    const { lines, bad, highestTier } = await checkCustomers(sql, settings, file);
    const isEmpty = lines.length === 0;
    const admitted = await admitFile(sql, 'customer import', file, bad, { skipBad, again, isEmpty });
    const shares = sharesOf(
      lines.map(({ email, input }) => ({ email, credits: input.credits })),
      () => 0,
    );
    const linked = lines.filter(({ input }) => input.stripe !== null).length;
    const total = sumOf(shares);
    const what = counted(lines.length, 'customer');
    return {
      title: `Add ${what} from ${file.name}${total > 0 ? `, with ${counted(total, 'credit')} in all` : ''}`,
      customerId: null,
      changes: [
        { label: 'New customers', before: '0', after: lines.length.toLocaleString('en-US') },
        ...sampleChanges(shares).map(({ label, after }) => ({ label, before: 'none', after })),
      ],
      facts: [
        ...sumFacts(file.name, lines.length, shares),
        { label: 'Linked to Stripe', value: counted(linked, 'customer') },
        ...tierFacts(
          settings,
          lines.map(({ input }) => input.tier),
        ),
        ...linesFacts(cause.runId),
      ],
      warnings: admitted.warnings,
      confirmLabel: `Add ${what}`,
      basis: [file.id, lines.map(({ line }) => line), admitted.basis],
      measures: {
        credits: largestOf(shares)?.credits ?? 0,
        total,
        tier: highestTier ?? lowestTier(settings),
        // A tier by hand that a file gives has no end.
        lastsMs: highestTier === null ? 0 : null,
      },
      ...(admitted.file ? { file: admitted.file } : {}),
      ...lookAtLines(cause.runId),
      data: { file, lines, bad, what, total },
    };
  },

  async execute({ data: { file, lines, bad, what, total }, changes }, { sql, cause }) {
    const { id } = await startBatch(sql, cause, {
      command: 'customer import',
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
        line: null,
        sentence: `Customers are not removed again; their opening balances are taken back by: credits unimport ${cause.runId}`,
      },
      isOnItsWay: true,
      follow: `batch:${id}`,
      logs: [
        { event: 'batch_begun', action: 'customer_import', batch: id, lines: lines.length, credits: total },
      ],
      json: { batch: id, file: file.name, lines: lines.length, credits: total },
    };
  },
});
