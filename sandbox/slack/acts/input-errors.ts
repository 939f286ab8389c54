import { codePoints } from '../block-kit/code-points.ts';
import { type Json, recordAt, textAt } from '../json.ts';
import { isEmptyValue, stateValues } from '../world/form-values.ts';
import type { ShownView } from '../world/view.ts';

/** What Slack's client says before it sends anything, by block id (slack-facts section 2, inputs). */
export function inputErrors(shown: ShownView): Record<string, string> {
  const values = stateValues(shown.view.blocks, shown.values);
  const errors: Record<string, string> = {};
  for (const block of shown.view.blocks) {
    const element = recordAt(block, 'element');
    if (block.type !== 'input' || !element) continue;
    const blockId = textAt(block, 'block_id');
    const value = values[blockId]?.[textAt(element, 'action_id')] ?? {};
    const error = errorOf(element, value, block.optional === true);
    if (error !== null) errors[blockId] = error;
  }
  return errors;
}

function errorOf(element: Json, value: Json, isOptional: boolean): string | null {
  if (isEmptyValue(value)) return isOptional ? null : 'Please complete this required field.';
  const text = textAt(value, 'value');
  switch (element.type) {
    case 'plain_text_input':
      return lengthError(element, codePoints(text));
    case 'number_input':
      return numberError(element, text);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(text) ? null : 'Please enter a valid URL.';
    default:
      return null;
  }
}

function lengthError(element: Json, length: number): string | null {
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && length < min) return `Please enter at least ${min} characters.`;
  if (length > (typeof max === 'number' ? max : 3000))
    return `Please enter fewer than ${max ?? 3000} characters.`;
  return null;
}

function numberError(element: Json, text: string): string | null {
  const number = Number(text);
  if (Number.isNaN(number)) return 'Please enter a valid number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  const { min_value: min, max_value: max } = element;
  if (typeof min === 'string' && number < Number(min)) return `Please enter a number of at least ${min}.`;
  if (typeof max === 'string' && number > Number(max)) return `Please enter a number of at most ${max}.`;
  return null;
}
