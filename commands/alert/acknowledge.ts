import { z } from 'zod';
import { acknowledgeAlert, requireOpenAlert } from '#src/health/alert.ts';
import { probeOf } from '#src/health/probes.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { idField, optionalTextField, ticketField } from '#src/runner/fields.ts';

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
  allowed: 'any role',
  effect: 'reversible',
  isDoneByClick: true,
  reasonFrom: 'note',
  input: z.object({
    alert: alertField,
    note: optionalTextField(300, { label: 'Note' }),
    ticket: ticketField,
  }),
  positionals: ['alert'],

  async plan({ alert: id }, { sql, cause }) {
    const row = await requireOpenAlert(sql, id);
    const title = probeOf(row.probe_id)?.title ?? row.probe_id;
    return {
      title: `Take the alert about: ${title}`,
      customerId: null,
      changes: [{ label: 'Has it', before: 'nobody', after: cause.actor.name }],
      confirmLabel: 'I have it',
      basis: [row.id],
      data: { id, title },
    };
  },

  async execute({ data: { id, title }, changes }, { sql, settings, cause }) {
    await acknowledgeAlert(sql, settings, cause, id);
    return {
      title: `You have the alert about: ${title}`,
      customerId: null,
      changes,
      before: { acknowledged: null },
      after: { acknowledged: cause.actor.name },
      undo: { line: null, sentence: 'To hand it over, say so in the thread of its card.' },
      logs: [{ event: 'health', action: 'alert_acknowledged', alert: id }],
      json: { alert: id },
      isQuiet: true,
    };
  },
});
