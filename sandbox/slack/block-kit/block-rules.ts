import { eitherUrlOrFile, slackFile } from './element-parts.ts';
import { elementShapes } from './element-rules.ts';
import { richTextElement } from './rich-text-rules.ts';
import {
  boolean,
  choice,
  list,
  only,
  optional,
  pick,
  required,
  type ShapeRule,
  shape,
  string,
  typed,
} from './rule.ts';
import { columnSettings, tableRow } from './table-rules.ts';
import { anyText, plainText, textShapes } from './text-rules.ts';

const block = { block_id: optional(string(255, 0)) };
const selects = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
];
const pickers = ['datepicker', 'timepicker', 'checkboxes', 'radio_buttons', ...selects];
const accessories = typed(pick(elementShapes, 'button', 'image', 'overflow', ...pickers));
const actors = typed(pick(elementShapes, 'button', 'overflow', 'datetimepicker', ...pickers));
const inputs = typed(
  pick(
    elementShapes,
    'plain_text_input',
    'number_input',
    'email_text_input',
    'url_text_input',
    'datetimepicker',
    'file_input',
    ...pickers,
  ),
);

/** The blocks that Lucy may use (slack-facts section 2), by type. */
export const blockShapes: Record<string, ShapeRule> = {
  section: shape(
    {
      ...block,
      text: optional(anyText(3000)),
      fields: optional(list(anyText(2000), 10)),
      accessory: optional(accessories),
      expand: optional(boolean),
    },
    (value, pointer, report) => {
      if (value.text !== undefined || value.fields !== undefined) return;
      report('must define either `text` or `fields`', `${pointer}/type`);
    },
  ),
  header: shape({
    ...block,
    text: required(plainText(150)),
    level: optional({ is: 'integer', min: 1, max: 4 }),
  }),
  divider: shape({ ...block }),
  context: shape({
    ...block,
    elements: required(list(typed({ ...textShapes, ...pick(elementShapes, 'image') }), 10)),
  }),
  actions: shape({ ...block, elements: required(list(actors, 25)) }),
  image: shape(
    {
      ...block,
      alt_text: required(string(2000)),
      title: optional(plainText(2000)),
      image_url: optional(string(3000)),
      slack_file: optional(slackFile),
    },
    eitherUrlOrFile,
  ),
  input: shape({
    ...block,
    label: required(plainText(2000)),
    hint: optional(plainText(2000)),
    optional: optional(boolean),
    dispatch_action: optional(boolean),
    element: required(inputs),
  }),
  rich_text: shape({ ...block, elements: required(list(richTextElement, 1000, 0)) }),
  markdown: only(['message'], shape({ ...block, text: required(string(12_000)) })),
  table: only(
    ['message', 'home'],
    shape({ ...block, rows: required(list(tableRow, 100)), column_settings: optional(columnSettings) }),
  ),
  // An official template uses it in a message, the documentation says modals only: the stricter one holds here.
  alert: only(
    ['modal'],
    shape({
      ...block,
      text: required(anyText(200)),
      level: optional(choice('default', 'info', 'warning', 'error', 'success')),
    }),
  ),
};

/** Blocks that Slack has and this sandbox does not imitate. */
export const blocksNotImitated = new Set([
  'card',
  'carousel',
  'container',
  'context_actions',
  'data_table',
  'data_visualization',
  'file',
  'plan',
  'task_card',
  'video',
]);
