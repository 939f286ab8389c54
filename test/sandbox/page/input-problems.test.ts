import { expect, test } from 'vitest';
import { surfaceState } from '#sandbox/page/browser/blocks/surface-state.ts';
import { inputProblems } from '#sandbox/page/browser/modal/input-problems.ts';
import { refundView } from './world/canned-views.ts';

const { blocks } = refundView();

const filled = {
  customer: { value: { type: 'external_select', selected_option: { value: 'cus_1' } } },
  amount: { value: { type: 'number_input', value: '49.50' } },
  cause: { value: { type: 'radio_buttons', selected_option: { value: 'twice' } } },
  reason: { value: { type: 'plain_text_input', value: 'charged twice' } },
};

test('a submission carries every field, with its initial value if untouched', () => {
  const state = surfaceState(blocks, {});
  expect(state).toMatchObject({
    email: { value: { type: 'email_text_input', value: 'sofia@firm.com' } },
    amount: { value: { type: 'number_input', value: null } },
    customer: { value: { type: 'external_select', selected_option: null } },
  });
  expect(state).not.toHaveProperty('intro');
});

test('a complete form has no problems', () => {
  expect(inputProblems(blocks, surfaceState(blocks, filled))).toEqual({});
});

test('each field says what is wrong with it', () => {
  const state = surfaceState(blocks, {
    ...filled,
    amount: { value: { type: 'number_input', value: '0' } },
    email: { value: { type: 'email_text_input', value: 'sofia' } },
    reason: { value: { type: 'plain_text_input', value: null } },
  });
  expect(inputProblems(blocks, state)).toEqual({
    amount: 'Please enter a number of at least 1.',
    email: 'Please enter a valid email address.',
    reason: 'Please complete this required field.',
  });
});
