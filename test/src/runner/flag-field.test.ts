import { expect, test } from 'vitest';
import { flagField, isRequired } from '#src/runner/fields.ts';

const field = flagField({ label: 'As a file' });

test.each([undefined, false, 'false', 'no', 'NO', 'off', '0', ' n '])('%j is no', (typed) => {
  expect(field.parse(typed)).toBe(false);
});

test.each([true, 'true', 'yes', 'Yes', 'on', '1', ' y '])('%j is yes', (typed) => {
  expect(field.parse(typed)).toBe(true);
});

test.each(['', 'perhaps', 'yes please', 7, null])('%j is neither, and is told', (typed) => {
  expect(field.safeParse(typed).success).toBe(false);
});

test('it is never required', () => {
  expect(isRequired(field)).toBe(false);
});
