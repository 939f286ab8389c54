import { z } from 'zod';
import { requireApprover } from '#src/approvals/may-answer.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { endAsked } from '#src/runner/end-asked.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { approvalField } from '#src/runner/id-fields.ts';
import { findAsked, requireOpen } from '#src/runner/open-approval.ts';

/** Says no; the reason is what the requester is told. */
export const approvalDeny = defineCommand({
  name: 'approval deny',
  summary: 'Say no to what a colleague asked for, with the reason',
  examples: ['approval deny apr_01jd2n8t1k5wq7x3e9r4 --reason "the invoice is right"'],
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ approval: approvalField, ...changeInputs }),
  positionals: ['approval'],

  async plan({ approval: id }, { sql, settings, commands, cause }) {
    const { approval, run } = await findAsked(sql, commands, id);
    requireApprover(settings, approval, cause.actor);
    requireOpen(approval, cause.now);
    const { title } = readShownPlan(run.plan);
    return {
      title: `Deny: ${title}`,
      // The approval's own row is held first; what it does holds the customer.
      customerId: null,
      changes: [{ label: 'Request', before: 'waiting', after: 'denied' }],
      facts: [{ label: 'Asked by', value: approval.requester_name }],
      confirmLabel: 'Deny',
      basis: [approval.id, approval.state],
      data: { id, title },
    };
  },

  async execute({ data: { id, title }, changes }, { sql, settings, cause }) {
    const ending = { approvalId: id, state: 'denied' as const, reason: cause.reason };
    const held = await endAsked(sql, settings, cause, ending, (row) =>
      requireApprover(settings, row, cause.actor),
    );
    return {
      title: `${title}: denied, and ${held.requester_name} is told why`,
      customerId: held.customer_id,
      changes,
      before: { state: 'pending' },
      after: { state: 'denied' },
      undo: { line: null, sentence: 'The requester can ask again.' },
      isQuiet: true,
      json: { approval: id, denied: true },
    };
  },
});
