import { z } from 'zod';
import { counted } from '#src/core/text.ts';
import { auditLedger, type ProvedEntry } from '#src/credits/audit-ledger.ts';
import { auditCells, auditColumns, describeAudit } from '#src/credits/describe-audit.ts';
import { findCustomer } from '#src/customers/find.ts';
import { csvLine } from '#src/replies/csv.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField, flagField } from '#src/runner/fields.ts';

const SHOWN = 10;
/** As many as a reply can carry as one text. */
const FILE_MAX = 10_000;

/** Support runbook section 3 and quick reference, “negative or stuck balance”: the proof before anybody corrects. */
export const creditsAudit = defineLookup({
  name: 'credits audit',
  summary: 'Prove that a customer’s credits add up, entry by entry',
  examples: ['credits audit sofia@firm.com', 'credits audit sofia@firm.com --csv'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    email: customerField,
    csv: flagField({ label: 'As a CSV file', hint: `The last ${FILE_MAX.toLocaleString('en-US')} entries` }),
  }),
  positionals: ['email'],

  async answer({ email, csv }, { sql, cause }) {
    const customer = await findCustomer(sql, email);
    const most = csv ? FILE_MAX : SHOWN;
    let last: ProvedEntry[] = [];
    const audit = await auditLedger(sql, customer.id, {
      onStart() {
        last = [];
      },
      onEntry(entry) {
        last.push(entry);
        if (last.length > 2 * most) last = last.slice(-most);
      },
    });
    last = last.slice(-most);
    const reply = describeAudit(customer.email, audit, last.slice(-SHOWN));
    const told = { ...reply, correlationId: cause.correlationId };
    if (!csv) return told;
    const text = [csvLine(auditColumns), ...last.map((entry) => csvLine(auditCells(entry)))].join('');
    const left = audit.entries - last.length;
    return {
      ...told,
      warnings: left > 0 ? [`The first ${counted(left, 'entry', 'entries')} are not in the file.`] : [],
      file: { name: `credits-${customer.id}-${isoDay(cause.now)}.csv`, text },
      json: { ...(reply.json as object), csv: text },
    };
  },
});

function isoDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
