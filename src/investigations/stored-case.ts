import type { AuditEventRow } from '#db/audit-events.ts';
import type { InvestigationRow, InvestigationStepRow } from '#db/investigations.ts';
import type { Findings } from './findings.ts';

/** Everything that a case consists of. */
export type StoredCase = {
  row: InvestigationRow;
  steps: InvestigationStepRow[];
  findings: Findings;
  email: string | null;
  /** What colleagues wrote, from the audit; oldest first. */
  notes: AuditEventRow[];
};
