import { idField } from './id-fields.ts';

export const backupField = idField({
  label: 'Backup',
  placeholder: 'bkp_…',
  hint: '“backup list” shows them',
  pattern: /^bkp_[0-9a-z]+$/,
  wrong: 'A backup starts with bkp_; “backup list” shows them.',
});
