import { findingKinds } from '#src/reconciliation/kinds.ts';
import { fieldMeta, optionalChoiceField } from './fields.ts';
import { idField } from './id-fields.ts';

/** Names one reconciliation. */
export const reconciliationField = idField({
  label: 'Reconciliation',
  placeholder: 'rec_…',
  hint: '“reconcile list” shows them',
  pattern: /^rec_[0-9a-z]+$/,
  wrong: 'A reconciliation starts with rec_; “reconcile list” shows them.',
});

export const optionalReconciliationField = reconciliationField
  .optional()
  .meta({ ...fieldMeta(reconciliationField), hint: 'Leave it out for the last one' });

const findingField = idField({
  label: 'Finding',
  placeholder: 'rcf_…',
  hint: '“reconcile show” lists them',
  pattern: /^rcf_[0-9a-z]+$/,
  wrong: 'A finding starts with rcf_; “reconcile show” lists them.',
});

export const optionalFindingField = findingField.optional().meta({ ...fieldMeta(findingField) });

export const optionalKindField = optionalChoiceField(findingKinds, {
  label: 'Kind',
  hint: 'All findings of one kind',
});
