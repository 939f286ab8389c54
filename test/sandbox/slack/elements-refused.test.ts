import {
  actions,
  button,
  input,
  mrkdwn,
  options,
  plain,
  refuses,
  section,
  select,
  xs,
} from './block-samples.ts';

const first = '/blocks/0/elements/0';
const tooLong = (max: number) => `must be less than ${max + 1} characters`;
const tooMany = (max: number) => `no more than ${max} items allowed`;
const focused = input({ type: 'plain_text_input', focus_on_load: true });

refuses('a long button', [actions(button({ text: plain(xs(76)) }))], tooLong(75), `${first}/text/text`);
refuses('a long value', [actions(button({ value: xs(2001) }))], tooLong(2000), `${first}/value`);
refuses(
  'an unknown style',
  [actions(button({ style: 'default' }))],
  'must be a valid enum value',
  `${first}/style`,
);
refuses(
  'a disabled button',
  [actions(button({ disabled: true }))],
  'invalid additional property: disabled',
  first,
);
refuses(
  'block_id on an element',
  [actions(button({ block_id: 'b' }))],
  'invalid additional property: block_id',
  first,
);
refuses(
  'two equal action_ids in one block',
  [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
  '`action_id` "a" already exists',
  '/blocks/0/elements/1/action_id',
);
refuses(
  'a confirm without text',
  [actions(button({ confirm: { title: plain('Sure?') } }))],
  'missing required field: text',
  `${first}/confirm`,
);

refuses('101 options', [actions(select({ options: options(101) }))], tooMany(100), `${first}/options`);
refuses(
  'no options',
  [actions(select({ options: [] }))],
  'must provide at least 1 items',
  `${first}/options`,
);
refuses(
  'neither options nor groups',
  [actions(select())],
  'must define either `options` or `option_groups`',
  first,
);
refuses(
  'an option value of 151',
  [actions(select({ options: [{ text: plain('x'), value: xs(151) }] }))],
  tooLong(150),
  `${first}/options/0/value`,
);
refuses(
  'mrkdwn in a select',
  [actions(select({ options: [{ text: mrkdwn('x'), value: '1' }] }))],
  'unsupported type: mrkdwn',
  `${first}/options/0/text/type`,
);
refuses(
  'an initial option that is not offered',
  [actions(select({ options: options(2), initial_option: { text: plain('Option 0'), value: 'v1' } }))],
  '`initial_option` must match one of the provided options',
  `${first}/initial_option`,
);
refuses(
  'a URL on an option of a select',
  [actions(select({ options: [{ text: plain('x'), value: '1', url: 'https://x' }] }))],
  'invalid additional property: url',
  `${first}/options/0`,
);
refuses(
  'six overflow options',
  [section({ accessory: { type: 'overflow', options: options(6) } })],
  tooMany(5),
  '/blocks/0/accessory/options',
);
refuses(
  'eleven checkboxes',
  [section({ accessory: { type: 'checkboxes', options: options(11) } })],
  tooMany(10),
  '/blocks/0/accessory/options',
);

refuses(
  'a text input in actions',
  [actions({ type: 'plain_text_input' })],
  'unsupported type: plain_text_input',
  `${first}/type`,
);
refuses('a button in an input', [input(button())], 'unsupported type: button', '/blocks/0/element/type');
refuses(
  'an e-mail input in a message',
  [input({ type: 'email_text_input' })],
  'unsupported type: email_text_input',
  '/blocks/0/element/type',
);
refuses(
  'a number input that says nothing of decimals',
  [input({ type: 'number_input' })],
  'missing required field: is_decimal_allowed',
  '/blocks/0/element',
  'modal',
);
refuses(
  'a number as a number',
  [input({ type: 'number_input', is_decimal_allowed: false, initial_value: 5 })],
  'must provide a string',
  '/blocks/0/element/initial_value',
  'modal',
);
refuses(
  'a date and time in a home',
  [actions({ type: 'datetimepicker' })],
  'unsupported type: datetimepicker',
  `${first}/type`,
  'home',
);
refuses(
  'a date in words',
  [actions({ type: 'datepicker', initial_date: 'tomorrow' })],
  'must be in the format YYYY-MM-DD',
  `${first}/initial_date`,
);
refuses(
  'two focused inputs',
  [focused, focused],
  'only one element can have `focus_on_load` set to true',
  '/blocks',
  'modal',
);
refuses(
  'a response_url_enabled outside an input',
  [actions({ type: 'conversations_select', response_url_enabled: true })],
  'invalid additional property: response_url_enabled',
  first,
  'modal',
);

refuses(
  'a file input outside of a modal',
  [input({ type: 'file_input' })],
  'unsupported type: file_input',
  '/blocks/0/element/type',
);
refuses(
  'a file input for eleven files',
  [input({ type: 'file_input', max_files: 11 })],
  'must be less than 10',
  '/blocks/0/element/max_files',
  'modal',
);
refuses(
  'a placeholder in a file input',
  [input({ type: 'file_input', placeholder: plain('a file') })],
  'invalid additional property: placeholder',
  '/blocks/0/element',
  'modal',
);
