import {
  action,
  confirmable,
  eitherUrlOrFile,
  focusable,
  placeholdable,
  slackFile,
} from './element-parts.ts';
import { initialOptionsExist, markedOption, overflowOption } from './option-rules.ts';
import { choice, list, only, optional, required, type ShapeRule, shape, string } from './rule.ts';
import { selectShapes } from './select-rules.ts';
import { textInputShapes } from './text-input-rules.ts';
import { plainText } from './text-rules.ts';

const date = {
  is: 'pattern',
  pattern: /^\d{4}-\d{2}-\d{2}$/,
  says: 'must be in the format YYYY-MM-DD',
} as const;
const time = {
  is: 'pattern',
  pattern: /^([01]\d|2[0-3]):[0-5]\d$/,
  says: 'must be in the format HH:mm',
} as const;

/** The elements that Lucy may use (slack-facts section 2), by type. */
export const elementShapes: Record<string, ShapeRule> = {
  button: shape({
    ...action,
    ...confirmable,
    text: required(plainText(75)),
    value: optional(string(2000)),
    url: optional(string(3000)),
    style: optional(choice('primary', 'danger')),
    accessibility_label: optional(string(75)),
  }),
  overflow: shape({ ...action, ...confirmable, options: required(list(overflowOption, 5)) }),
  checkboxes: shape(
    {
      ...action,
      ...confirmable,
      ...focusable,
      options: required(list(markedOption, 10)),
      initial_options: optional(list(markedOption, 10)),
    },
    initialOptionsExist,
  ),
  radio_buttons: shape(
    {
      ...action,
      ...confirmable,
      ...focusable,
      options: required(list(markedOption, 10)),
      initial_option: optional(markedOption),
    },
    initialOptionsExist,
  ),
  datepicker: shape({
    ...action,
    ...confirmable,
    ...focusable,
    ...placeholdable,
    initial_date: optional(date),
  }),
  timepicker: shape({
    ...action,
    ...confirmable,
    ...focusable,
    ...placeholdable,
    initial_time: optional(time),
    timezone: optional(string(100)),
  }),
  datetimepicker: only(
    ['modal', 'message'],
    shape({
      ...action,
      ...confirmable,
      ...focusable,
      initial_date_time: optional({ is: 'integer', min: 1_000_000_000, max: 9_999_999_999 }),
    }),
  ),
  // “The file input element must be used inside the input block”, which exists in modals here.
  file_input: only(
    ['modal'],
    shape({
      ...action,
      filetypes: optional(list(string(20), 100)),
      max_files: optional({ is: 'integer', min: 1, max: 10 }),
    }),
  ),
  image: shape(
    { alt_text: required(string(2000)), image_url: optional(string(3000)), slack_file: optional(slackFile) },
    eitherUrlOrFile,
  ),
  ...selectShapes,
  ...textInputShapes,
};
