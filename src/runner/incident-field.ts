import { idField } from './id-fields.ts';

export const incidentField = idField({
  label: 'Incident',
  placeholder: 'INC-7',
  hint: 'Leave empty for the one that is open',
  pattern: /^(inc-|drill-)?\d{1,9}$/i,
  wrong: 'An incident is called INC- and a number; “incident list” shows them.',
});
