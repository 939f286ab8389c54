import { resolve } from 'node:path';
import { z } from 'zod';
import type { CustomerRow } from '#db/customers.ts';
import { recordAudit } from '#src/audit/record.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { exportAsFile } from '#src/export/export-as-file.ts';
import { type Exported, exportDatabase } from '#src/export/export-database.ts';
import { requireFreePath } from '#src/export/require-free-path.ts';
import { createScrub } from '#src/export/scrub.ts';
import { sizeInWords } from '#src/replies/file-bytes.ts';
import type { Reply } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { changeInputs, flagField, optionalCustomerField, optionalTextField } from '#src/runner/fields.ts';

/**
 * Playbook, bug investigation 3: data to reproduce a bug with, in staging, in which nobody can be found. It changes
 * nothing, but it hands out what customers did, so it takes a reason and stands in the audit.
 */
export const customerExport = defineLookup({
  name: 'customer export',
  summary: 'Make an anonymised copy of the data, to reproduce a bug with',
  examples: [
    'customer export --anonymized --reason "bug of ZD-812"',
    'customer export --anonymized --reason "bug of ZD-812" --out copy.db',
    'customer export sofia@firm.com --anonymized --reason "bug of ZD-812" --out sofia.db',
  ],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({
    email: optionalCustomerField,
    anonymized: flagField({ label: 'Anonymised', hint: 'There is no other kind' }),
    out: optionalTextField(1000, { label: 'File', placeholder: 'copy.db', hint: 'A new SQLite database' }),
    ...changeInputs,
  }),
  positionals: ['email'],

  async answer({ email, anonymized, out, reason }, { sql, cause, settings, commands, ...context }) {
    if (!anonymized) throw onlyAnonymized();
    const customer = email === undefined ? null : await findCustomer(sql, email);
    const scrub = createScrub(settings, commands);
    const alias = customer && scrub.pseudonyms.email(customer.email);
    const wanted = (where: string) => ({
      customerId: customer?.id ?? null,
      scrub,
      now: cause.now,
      beforeHandover: async ({ tables, rows }: Exported) => {
        await recordAudit(sql, cause, {
          command: 'customer export',
          outcome: 'done',
          customerId: customer?.id ?? null,
          input: { email: customer?.email ?? null, anonymized: true, out: where },
          before: null,
          after: { tables, rows },
        });
      },
    });
    if (cause.surface !== 'terminal') {
      const made = await exportAsFile(sql, wanted(cause.surface));
      return made ? handedOut(made, alias, cause.correlationId) : atTerminal(customer, reason);
    }
    const path = resolve(out ?? requiredOut());
    await requireFreePath(path);
    const exported = await exportDatabase(sql, {
      ...wanted(path),
      path,
      onProgress: ({ table, rows, total }) => context.progress?.(`${table}: ${rows} of ${total}`),
    });
    return told(path, exported, alias, cause.correlationId);
  },
});

/** Into the direct messages of whoever asked, and nowhere else. */
function handedOut(
  { exported, bytes }: { exported: Exported; bytes: Buffer },
  alias: string | null,
  correlationId: string,
): Reply {
  const { hint: _hint, ...reply } = told('copy.db', exported, alias, correlationId);
  return {
    ...reply,
    title: `An anonymised copy of ${alias ? 'one customer’s data' : 'all data'} is made.`,
    file: { name: 'copy.db', base64: bytes.toString('base64'), alt: 'An anonymised SQLite database' },
    hint: `To look into it: DATABASE_URL=sqlite:copy.db npx lucy ${alias ? `customer show ${alias}` : 'audit search'}`,
    isPrivate: true,
  };
}

function told(
  path: string,
  { tables, rows, bytes }: Exported,
  alias: string | null,
  correlationId: string,
): Reply {
  return {
    tone: 'done',
    title: `An anonymised copy of ${alias ? 'one customer’s data' : 'all data'} is in ${path}.`,
    facts: [
      {
        label: 'Holds',
        value: `${counted(rows, 'row')} of ${counted(tables, 'table')}, ${sizeInWords(bytes)}`,
      },
      ...(alias ? [{ label: 'The customer is', value: { code: alias } }] : []),
    ],
    warnings: [
      'Start Lucy on it with the keys of a test workspace and of Stripe’s test mode: what waits in it to be sent would be sent.',
    ],
    hint: `To look into it: DATABASE_URL=sqlite:${path} npx lucy ${alias ? `customer show ${alias}` : 'audit search'}`,
    correlationId,
    json: { file: path, tables, rows, bytes, ...(alias ? { customer: alias } : {}) },
  };
}

function atTerminal(customer: CustomerRow | null, reason: string): Reply {
  const who = customer ? `${customer.email} ` : '';
  return {
    tone: 'info',
    title: 'This copy would be too large to send, so none was made here.',
    hint: `There, type: npx lucy customer export ${who}--anonymized --reason "${reason.replaceAll('"', '’')}" --out copy.db`,
    isPrivate: true,
    json: { made: false },
  };
}

function onlyAnonymized(): UserError {
  return new UserError(
    'refused',
    'Lucy hands out no copy with customers’ names and addresses in it, so none was made.',
    'Add --anonymized. Ask an admin for a backup when the data itself has to be restored.',
  );
}

function requiredOut(): never {
  throw new UserError('usage', 'Say where the copy goes.', 'Add --out copy.db, the name of a new file.');
}
