import { z } from 'zod';
import { countReconcileFindings, listReconcileFindings } from '#db/reconcile-findings.ts';
import { isoTime } from '#src/core/clock.ts';
import { exampleOf, readEvidence, reconciliationCard } from '#src/reconciliation/card.ts';
import { writeCsv } from '#src/reconciliation/csv.ts';
import { findNamedOrLast } from '#src/reconciliation/find-run.ts';
import { readProgress } from '#src/reconciliation/progress.ts';
import type { Section } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { flagField } from '#src/runner/fields.ts';
import { optionalKindField, optionalReconciliationField } from '#src/runner/reconcile-fields.ts';

const SHOWN = 20;
const IN_JSON = 1_000;

/** How a reconciliation goes, what it found on both sides, and what became of it. */
export const reconcileShow = defineLookup({
  name: 'reconcile show',
  summary: 'Show a reconciliation: how it goes, and what differs',
  examples: ['reconcile show', 'reconcile show rec_01jd3kq7 --kind wrong_tier', 'reconcile show --csv'],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({
    reconciliation: optionalReconciliationField,
    kind: optionalKindField,
    csv: flagField({ label: 'As a file', hint: 'All findings as CSV' }),
  }),
  positionals: ['reconciliation'],

  async answer({ reconciliation, kind, csv }, { sql }) {
    const run = await findNamedOrLast(sql, reconciliation);
    const card = await reconciliationCard(sql, run.id);
    if (!card) throw new Error(`Reconciliation ${run.id} has no card`);
    const findings = await listReconcileFindings(sql, { runId: run.id, kind, limit: IN_JSON });
    const section: Section = {
      heading: findings.length > SHOWN ? `The first ${SHOWN} of ${findings.length}` : 'Findings',
      table: {
        columns: ['Finding', 'Kind', 'Stripe | Lucy', 'What to do', 'State'],
        rows: findings
          .slice(0, SHOWN)
          .map((row) => [
            { code: row.id },
            row.kind,
            exampleOf(row),
            row.action,
            row.outcome ? `${row.state}: ${row.outcome}` : row.state,
          ]),
      },
      empty: 'None.',
    };
    return {
      ...card.reply,
      sections: [...(card.reply.sections ?? []), ...(findings.length > 0 ? [section] : [])],
      ...(csv ? { file: { name: `${run.id}.csv`, text: await writeCsv(sql, run.id, kind) } } : {}),
      json: {
        reconciliation: run.id,
        state: run.state,
        error: run.error,
        startedAt: isoTime(run.started_at),
        endedAt: run.ended_at === null ? null : isoTime(run.ended_at),
        progress: await readProgress(sql, run),
        counts: await countReconcileFindings(sql, run.id),
        findings: findings.map((row) => ({
          finding: row.id,
          kind: row.kind,
          subject: row.subject,
          email: row.email,
          ...readEvidence(row.evidence),
          action: row.action,
          state: row.state,
          outcome: row.outcome,
        })),
      },
    };
  },
});
