import { flagField } from './fields.ts';

export const namesOkField = flagField({
  label: 'This word is not the customer’s name',
  hint: 'A customer is called like a word of this text, which is meant as a word',
});
