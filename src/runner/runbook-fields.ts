import { optionalTextField } from './fields.ts';
import { idField } from './id-fields.ts';

/** Inputs of what is handed over, worked through and suggested. */
export const escalationField = idField({
  label: 'Escalation',
  placeholder: 'esc_…',
  hint: '“escalation list” shows them',
  pattern: /^esc_[0-9a-z]+$/,
  wrong: 'An escalation starts with esc_; “escalation list” shows them.',
});

export const runbookRunField = idField({
  label: 'Runbook in progress',
  placeholder: 'rbk_…',
  hint: '“runbook list” shows them',
  pattern: /^rbk_[0-9a-z]+$/,
  wrong: 'What somebody works through starts with rbk_; “runbook list” shows them.',
});

export const suggestionField = idField({
  label: 'Suggestion',
  placeholder: 'sug_…',
  hint: '“runbook suggestions” shows them',
  pattern: /^sug_[0-9a-z]+$/,
  wrong: 'A suggestion starts with sug_; “runbook suggestions” shows them.',
});

/** Where a reason would only repeat what the command says already. */
export const noteField = optionalTextField(500, {
  label: 'Note',
  placeholder: 'looked at with the customer',
  hint: 'Kept in the audit, with your name',
});
