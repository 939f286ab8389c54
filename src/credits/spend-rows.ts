import type { AllocationRow, CreditEntryRow } from '#db/credit-entries.ts';
import type { SpendRows } from '#db/spend-batch-shapes.ts';
import { auditRow } from '#src/audit/record.ts';
import { SharedAudits } from '#src/audit/share.ts';
import type { Cause } from '#src/core/cause.ts';
import type { SharedSpend, Told } from './decide-spends.ts';

/** A spend of a batch that was decided, and what it drew on; not yet as rows. */
export type DecidedSpend = { spend: SharedSpend; entry: CreditEntryRow; drawn: AllocationRow[]; told: Told };

/**
 * What is written of the spends of one batch (decision 0025). One that comes alone writes what one in a transaction of
 * its own writes: entry, allocations, audit row, answer. Many share an audit row for each caller, their entries say what
 * they drew on and what was asked, and the answer is made of the entry again when it is asked for.
 *
 * @param sharedFrom before it, a version that cannot read this may still run: each writes what one alone writes
 */
export function rowsOf(
  decided: readonly DecidedSpend[],
  sharedFrom: number,
): Omit<SpendRows, 'accounts' | 'lots'> {
  const rows: Omit<SpendRows, 'accounts' | 'lots'> = {
    entries: [],
    allocations: [],
    audits: [],
    requests: [],
    usages: [],
  };
  const audits = new SharedAudits();
  const isMany = decided.length > 1;
  for (const { spend, entry, drawn, told } of decided) {
    const { cause, request } = spend;
    const { usage } = told;
    const [only] = drawn;
    const isShared = isMany && cause.now >= sharedFrom && isPlain(cause);
    if (isShared && drawn.length === 1 && only) entry.lot_id = only.lot_id;
    else rows.allocations.push(...drawn);
    if (usage) rows.usages.push(usage);
    if (isShared) {
      entry.asked = request.fingerprint;
      audits.add(cause, told.audit.command, entry, usage);
    } else {
      rows.audits.push(auditRow(cause, told.audit));
      rows.requests.push({ ...request, status: told.status, answer: told.text, at: cause.now });
    }
    rows.entries.push(entry);
  }
  rows.audits.push(...audits.rows());
  return rows;
}

/** Nothing is to be said of it that an entry has no column for. */
function isPlain({ runId, ticket, approval, breakGlass }: Cause): boolean {
  return runId === null && ticket === null && approval === undefined && breakGlass === undefined;
}
