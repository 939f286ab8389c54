import { z } from 'zod';
import { acknowledgeAlert, requireOpenAlert } from '#src/health/alert.ts';
import { probeOf } from '#src/health/probes.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { flagField, optionalTextField, ticketField } from '#src/runner/fields.ts';
import { idField } from '#src/runner/id-fields.ts';

const alertField = idField({
  label: 'Alert',
  placeholder: 'alr_…',
  hint: '“status” shows the open ones',
  pattern: /^alr_[0-9a-z]+$/,
  wrong: 'An alert starts with alr_; “status” shows the open ones.',
});

/** Says who has it, so that nobody else is called. */
export const alertAcknowledge = defineCommand({
  name: 'alert acknowledge',
  summary: 'Say that you have an alert, so that nobody else is called',
  examples: ['alert acknowledge alr_01jd2n8t1k5wq7x3e9r4'],
  allowed: ['oncall'],
  effect: 'reversible',
  isDoneAtOnce: true,
  reasonFrom: 'note',
  input: z.object({
    alert: alertField,
    over: flagField({ label: 'Take it over', hint: 'From a colleague who has it already' }),
    note: optionalTextField(300, { label: 'Note' }),
    ticket: ticketField,
  }),
  positionals: ['alert'],

  async plan({ alert: id, over }, { sql, cause }) {
    const row = await requireOpenAlert(sql, id, over);
    const title = probeOf(row.probe_id)?.title ?? row.probe_id;
    return {
      title: `Take the alert about: ${title}`,
      customerId: null,
      changes: [{ label: 'Has it', before: row.acknowledged_name ?? 'nobody', after: cause.actor.name }],
      confirmLabel: 'I have it',
      basis: [row.id, row.acknowledged_by],
      data: { id, title, isOver: over },
    };
  },

  async execute({ data: { id, title, isOver }, changes }, { sql, settings, cause }) {
    await acknowledgeAlert(sql, settings, cause, id, isOver);
    return {
      title: `You have the alert about: ${title}`,
      customerId: null,
      changes,
      before: { acknowledged: null },
      after: { acknowledged: cause.actor.name },
      undo: { line: null, sentence: 'A colleague takes it over with --over.' },
      logs: [{ event: 'health', action: 'alert_acknowledged', alert: id }],
      json: { alert: id },
      isQuiet: true,
    };
  },
});
