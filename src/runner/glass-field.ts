import { idField } from './id-fields.ts';

/** Names one break-glass. */
export const glassField = idField({
  label: 'Break-glass',
  placeholder: 'glass_…',
  hint: '“break-glass list” shows them',
  pattern: /^glass_[0-9a-z]+$/,
  wrong: 'A break-glass starts with glass_; “break-glass list” shows them.',
});

export const optionalGlassField = glassField
  .optional()
  .meta({ ...glassField.meta(), hint: 'Leave it out for your own' });
