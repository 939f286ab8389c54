import { flagField } from './fields.ts';

export const namesOkField = flagField({
  label: 'Names are meant as words',
  hint: 'A customer is called like a word of this text, and the word is meant',
});
