import { action, dispatchable, focusable, placeholdable } from './element-parts.ts';
import {
  boolean,
  type CrossCheck,
  only,
  optional,
  type Rule,
  required,
  type ShapeRule,
  shape,
  string,
} from './rule.ts';

const input = { ...action, ...dispatchable, ...focusable, ...placeholdable };
const decimalText: Rule = { is: 'pattern', pattern: /^-?\d+(\.\d+)?$/, says: 'must be a valid number' };

const minimumBelowMaximum: CrossCheck = (value, pointer, report) => {
  const { min_length: min, max_length: max } = value;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    report('`min_length` must be less than or equal to `max_length`', pointer);
  }
};

/** Inputs of text. Email, URL and number inputs exist in modals only (slack-facts section 2). */
export const textInputShapes: Record<string, ShapeRule> = {
  plain_text_input: shape(
    {
      ...input,
      initial_value: optional(string(3000, 0)),
      multiline: optional(boolean),
      min_length: optional({ is: 'integer', min: 0, max: 3000 }),
      max_length: optional({ is: 'integer', min: 1, max: 3000 }),
    },
    minimumBelowMaximum,
  ),
  number_input: only(
    ['modal'],
    shape({
      ...input,
      is_decimal_allowed: required(boolean),
      initial_value: optional(decimalText),
      min_value: optional(decimalText),
      max_value: optional(decimalText),
    }),
  ),
  email_text_input: only(['modal'], shape({ ...input, initial_value: optional(string(3000, 0)) })),
  url_text_input: only(['modal'], shape({ ...input, initial_value: optional(string(3000, 0)) })),
};
