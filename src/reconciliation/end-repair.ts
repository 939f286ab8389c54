import type { Sql } from '#db/connection.ts';
import {
  countApplied,
  type ReconcileFindingRow,
  type ReconcileFindingState,
  settleRepair,
} from '#db/reconcile-findings.ts';
import { lockReconcileRun } from '#db/reconcile-runs.ts';
import { findRun } from '#db/runs.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { counted, listed } from '#src/core/text.ts';
import { noteOpenIncidents } from '#src/incidents/note.ts';
import { readEvidence, renewReconcileCard } from './card.ts';

export type EndOfRepair = {
  state: Extract<ReconcileFindingState, 'applied' | 'gone' | 'refused'>;
  /** A sentence; of a refusal, with what to do. */
  outcome: string;
};

/**
 * Settles a repair under its lease, with one audit row; and when the last one that was asked for is settled, the card
 * and the open incidents say so.
 */
export async function endRepair(
  sql: Sql,
  now: number,
  finding: ReconcileFindingRow,
  { state, outcome }: EndOfRepair,
): Promise<void> {
  if (!(await settleRepair(sql, finding, { state, outcome, settled_at: now }))) return;
  const asked = finding.apply_run ? await findRun(sql, finding.apply_run) : undefined;
  const run = await lockReconcileRun(sql, finding.run_id);
  if (!run || !asked) return;
  const cause: Cause = {
    actor: {
      kind: 'staff',
      id: asked.actor_id,
      name: asked.actor_name,
      person: asked.person,
      roles: [],
      refusal: null,
    },
    surface: 'job',
    correlationId: asked.correlation_id,
    reason: asked.reason,
    ticket: asked.ticket,
    runId: asked.id,
    now,
  };
  await recordAudit(sql, cause, {
    command: 'reconcile apply',
    outcome: state === 'refused' ? 'refused' : 'done',
    customerId: finding.customer_id,
    input: {
      reconciliation: finding.run_id,
      finding: finding.id,
      kind: finding.kind,
      subject: finding.subject,
    },
    before: readEvidence(finding.evidence),
    after: { state, outcome },
  });
  const counts = await countApplied(sql, asked.id);
  if ((counts.open ?? 0) > 0) return;
  const words = [
    counts.applied ? `${counted(counts.applied, 'difference')} put right` : null,
    counts.gone ? `${counts.gone} right by then` : null,
    counts.refused ? `${counts.refused} refused` : null,
  ].filter((part) => part !== null);
  await noteOpenIncidents(sql, cause, {
    kind: 'reconciliation',
    text: `${asked.actor_name}’s reconcile apply of ${finding.run_id} ended: ${listed(words)}.`,
    line: `reconcile show ${finding.run_id}`,
    dedupeKey: `reconcile:${asked.id}`,
  });
  await renewReconcileCard(sql, cause, finding.run_id);
}
