import { z } from 'zod';
import { lockApproval } from '#db/approvals.ts';
import { endApproval } from '#src/approvals/end.ts';
import { requireApprover } from '#src/approvals/may-answer.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { approvalField, changeInputs } from '#src/runner/fields.ts';
import { findAsked, requireOpen, unknownApproval } from '#src/runner/open-approval.ts';

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
    const held = await lockApproval(sql, id);
    if (!held) throw unknownApproval(id);
    requireApprover(settings, held, cause.actor);
    requireOpen(held, cause.now);
    await endApproval(sql, settings, cause, held, {
      state: 'denied',
      by: cause.actor,
      reason: cause.reason,
    });
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
