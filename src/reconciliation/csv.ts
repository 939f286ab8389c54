import type { Sql } from '#db/connection.ts';
import { listReconcileFindings } from '#db/reconcile-findings.ts';
import { isoTime } from '#src/core/clock.ts';
import { csvLine } from '#src/replies/csv.ts';
import { readEvidence } from './card.ts';
import type { FindingKind } from './kinds.ts';

const PAGE = 500;

/** Every finding of a run, both sides, a line each. */
export async function writeCsv(sql: Sql, runId: string, kind: FindingKind | undefined): Promise<string> {
  const lines = [
    csvLine([
      'finding',
      'kind',
      'subject',
      'email',
      'stripe_customer',
      'stripe',
      'lucy',
      'action',
      'state',
      'outcome',
      'found_at',
    ]),
  ];
  for (let after = ''; ; ) {
    const rows = await listReconcileFindings(sql, { runId, kind, after, limit: PAGE });
    for (const row of rows) {
      const { stripe, lucy } = readEvidence(row.evidence);
      lines.push(
        csvLine([
          row.id,
          row.kind,
          row.subject,
          row.email,
          row.stripe_customer_id,
          stripe,
          lucy,
          row.action,
          row.state,
          row.outcome,
          isoTime(row.found_at),
        ]),
      );
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return lines.join('');
    after = last.id;
  }
}
