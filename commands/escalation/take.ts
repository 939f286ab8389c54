import { z } from 'zod';
import { requireOpenEscalation, requireUntaken, takeEscalation } from '#src/escalations/answer.ts';
import { matterOf } from '#src/escalations/card.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { flagField, ticketField } from '#src/runner/fields.ts';
import { escalationField, noteField } from '#src/runner/runbook-fields.ts';

/** Says who has it: on the card, and to whoever asked. */
export const escalationTake = defineCommand({
  name: 'escalation take',
  summary: 'Say that you have what was escalated',
  examples: ['escalation take esc_01jd2n8t1k5wq7x3e9r4', 'escalation take esc_01jd2n8t1k5wq7x3e9r4 --over'],
  allowed: 'any role',
  effect: 'reversible',
  isDoneByClick: true,
  reasonFrom: 'note',
  input: z.object({
    escalation: escalationField,
    over: flagField({ label: 'Take it over', hint: 'From a colleague who has it already' }),
    note: noteField,
    ticket: ticketField,
  }),
  positionals: ['escalation'],

  async plan({ escalation: id, over }, { sql, cause }) {
    const row = await requireOpenEscalation(sql, id);
    requireUntaken(row, cause, over);
    return {
      title: `Take ${matterOf(row)}`,
      customerId: null,
      changes: [{ label: 'Taken by', before: row.taker_name ?? 'nobody', after: cause.actor.name }],
      facts: [{ label: 'Asked by', value: row.requester_name }],
      confirmLabel: 'I take it',
      basis: [row.id, row.state, row.taker_person],
      data: { row },
    };
  },

  async execute({ data: { row }, changes }, { sql, settings, cause }) {
    const before = await takeEscalation(sql, settings, cause, row);
    return {
      title: `You have ${matterOf(before)}, and ${before.requester_name} is told`,
      customerId: before.customer_id,
      changes,
      before: { state: before.state, taker: before.taker_name },
      after: { state: 'taken', taker: cause.actor.name },
      undo: { line: null, sentence: 'Somebody else takes it over with the same button.' },
      logs: [{ event: 'escalation', action: 'escalation_taken', escalation: row.id }],
      json: { escalation: row.id, taken: true },
      isQuiet: true,
    };
  },
});
