import { z } from 'zod';
import { lockReconcileRun, updateReconcileRun } from '#db/reconcile-runs.ts';
import { UserError } from '#src/core/errors.ts';
import { renewReconcileCard } from '#src/reconciliation/card.ts';
import { requireRun } from '#src/reconciliation/find-run.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { reconciliationField } from '#src/runner/reconcile-fields.ts';

/** Stops a comparison; what it found until then stays. */
export const reconcileCancel = defineCommand({
  name: 'reconcile cancel',
  summary: 'Stop a reconciliation',
  examples: ['reconcile cancel rec_01jd3kq7 --reason "Stripe has trouble"'],
  allowed: ['billing', 'oncall'],
  effect: 'reversible',
  input: z.object({ reconciliation: reconciliationField, ...changeInputs }),
  positionals: ['reconciliation'],

  async plan({ reconciliation }, { sql }) {
    const run = await requireRun(sql, reconciliation);
    if (run.ended_at !== null)
      throw new UserError(
        'conflict',
        `Reconciliation ${run.id} is at its end already (${run.state}).`,
        `What it found: reconcile show ${run.id}`,
      );
    return {
      title: `Stop reconciliation ${run.id}`,
      customerId: null,
      changes: [{ label: 'State', before: run.state, after: 'cancelled' }],
      facts: [{ label: 'Findings', value: 'What it found until now stays' }],
      confirmLabel: 'Stop it',
      basis: [run.id],
      data: run.id,
    };
  },

  async execute({ data: id, changes }, { sql, cause }) {
    const run = await lockReconcileRun(sql, id);
    if (!run) throw new Error(`Reconciliation ${id} vanished`);
    await updateReconcileRun(sql, id, { state: 'cancelled', ended_at: cause.now });
    await renewReconcileCard(sql, cause, id);
    return {
      title: `Reconciliation ${id} was stopped`,
      customerId: null,
      changes,
      before: { state: run.state },
      after: { state: 'cancelled' },
      undo: { line: null, sentence: 'Begin a new one with reconcile run; this one does not go on.' },
      isQuiet: true,
      json: { reconciliation: id },
    };
  },
});
