import { z } from 'zod';
import { requireRequester } from '#src/approvals/may-answer.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { endAsked } from '#src/runner/end-asked.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { approvalField } from '#src/runner/id-fields.ts';
import { findAsked, requireOpen } from '#src/runner/open-approval.ts';

/** Takes back what one asked for oneself, while nobody has answered it. */
export const approvalCancel = defineCommand({
  name: 'approval cancel',
  summary: 'Withdraw what you asked for',
  examples: ['approval cancel apr_01jd2n8t1k5wq7x3e9r4 --reason "the customer changed their mind"'],
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ approval: approvalField, ...changeInputs }),
  positionals: ['approval'],

  async plan({ approval: id }, { sql, settings, commands, cause }) {
    const { approval, run } = await findAsked(sql, commands, id);
    requireRequester(settings, approval, cause.actor);
    requireOpen(approval, cause.now);
    const { title } = readShownPlan(run.plan);
    return {
      title: `Withdraw: ${title}`,
      // The approval's own row is held first; what it does holds the customer.
      customerId: null,
      changes: [{ label: 'Request', before: 'waiting', after: 'withdrawn' }],
      confirmLabel: 'Withdraw',
      basis: [approval.id, approval.state],
      data: { id, title },
    };
  },

  async execute({ data: { id, title }, changes }, { sql, settings, cause }) {
    const ending = { approvalId: id, state: 'cancelled' as const, reason: cause.reason };
    const held = await endAsked(sql, settings, cause, ending, (row) =>
      requireRequester(settings, row, cause.actor),
    );
    return {
      title: `${title}: withdrawn`,
      customerId: held.customer_id,
      changes,
      before: { state: 'pending' },
      after: { state: 'cancelled' },
      undo: { line: null, sentence: 'Ask again if you want it after all.' },
      isQuiet: true,
      json: { approval: id, withdrawn: true },
    };
  },
});
