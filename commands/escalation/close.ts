import { z } from 'zod';
import { closeEscalation, requireOpenEscalation } from '#src/escalations/answer.ts';
import { matterOf } from '#src/escalations/card.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { escalationField } from '#src/runner/runbook-fields.ts';

/** Ends it, with what came of it; that is what whoever asked is told. */
export const escalationClose = defineCommand({
  name: 'escalation close',
  summary: 'Close what was escalated, with what came of it',
  examples: ['escalation close esc_01jd2n8t1k5wq7x3e9r4 --reason "the balance was corrected"'],
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ escalation: escalationField, ...changeInputs }),
  positionals: ['escalation'],

  async plan({ escalation: id }, { sql }) {
    const row = await requireOpenEscalation(sql, id);
    return {
      title: `Close ${matterOf(row)}`,
      customerId: null,
      changes: [{ label: 'Escalation', before: row.state, after: 'closed' }],
      facts: [
        { label: 'Asked by', value: row.requester_name },
        { label: 'Taken by', value: row.taker_name ?? 'Nobody' },
      ],
      confirmLabel: 'Close it',
      basis: [row.id, row.state],
      data: { id },
    };
  },

  async execute({ data: { id }, changes }, { sql, settings, cause }) {
    const before = await closeEscalation(sql, settings, cause, id);
    return {
      title: `Closed ${matterOf(before)}`,
      customerId: before.customer_id,
      changes,
      before: { state: before.state },
      after: { state: 'closed', escalation: id },
      undo: { line: null, sentence: 'Escalate it again if it is not over.' },
      logs: [{ event: 'escalation', action: 'escalation_closed', escalation: id }],
      json: { escalation: id, closed: true },
      isQuiet: true,
    };
  },
});
