import {
  actions,
  button,
  input,
  mrkdwn,
  options,
  plain,
  raw,
  section,
  select,
  takes,
} from './block-samples.ts';

const inline = (...elements: object[]) => ({ type: 'rich_text_section', elements });

takes('3000 emoji, counted as code points', [section({ text: mrkdwn('😀'.repeat(3000)) })]);

takes('fields alone', [{ type: 'section', fields: [plain('a'), mrkdwn('b')] }]);

takes('each accessory of a section', [
  section({ accessory: button({ value: '1', style: 'danger', url: 'https://x.example' }) }),
  section({ accessory: { type: 'image', image_url: 'https://x.example/a.png', alt_text: 'a' } }),
  section({ accessory: { type: 'overflow', options: options(5) } }),
  section({ accessory: { type: 'checkboxes', options: options(2), initial_options: options(1) } }),
  section({ accessory: { type: 'radio_buttons', options: options(2), initial_option: options(1)[0] } }),
  section({ accessory: { type: 'datepicker', initial_date: '2026-11-21' } }),
  section({ accessory: { type: 'timepicker', initial_time: '09:30' } }),
  section({ accessory: { type: 'users_select', initial_user: 'U1' } }),
  section({ accessory: { type: 'conversations_select', filter: { include: ['public'] } } }),
  section({ accessory: { type: 'channels_select', placeholder: plain('Where?') } }),
  section({ accessory: { type: 'external_select', min_query_length: 0 } }),
]);

takes('option groups, and an initial option that differs only in a default', [
  actions(
    select({
      option_groups: [{ label: plain('One'), options: options(3) }],
      initial_option: { value: 'v0', text: { type: 'plain_text', text: 'Option 0', emoji: true } },
    }),
  ),
]);

takes('a confirm dialog', [
  actions(
    button({
      confirm: {
        title: plain('Sure?'),
        text: mrkdwn('*Really?*'),
        confirm: plain('Yes'),
        deny: plain('No'),
        style: 'danger',
      },
    }),
  ),
]);

takes(
  'every input in a modal',
  [
    input(
      { type: 'plain_text_input', multiline: true, min_length: 0, max_length: 3000 },
      { hint: plain('Hint') },
    ),
    input({ type: 'number_input', is_decimal_allowed: true, min_value: '-1.5', initial_value: '2' }),
    input({ type: 'email_text_input', focus_on_load: true }),
    input({ type: 'url_text_input' }, { optional: true }),
    input({ type: 'datetimepicker', initial_date_time: 1_763_719_300 }, { dispatch_action: true }),
    input({ type: 'conversations_select', response_url_enabled: true }),
    { type: 'alert', text: mrkdwn('Careful'), level: 'warning' },
  ],
  'modal',
);

takes('blocks of text and pictures', [
  { type: 'header', text: plain('H'.repeat(150)), level: 2 },
  { type: 'divider' },
  { type: 'context', elements: [mrkdwn('a'), { type: 'image', image_url: 'https://x', alt_text: 'x' }] },
  { type: 'image', image_url: 'https://x.example/a.png', alt_text: 'a', title: plain('A') },
  { type: 'markdown', text: '**bold**' },
]);

takes('rich text', [
  {
    type: 'rich_text',
    elements: [
      inline({ type: 'text', text: 'a', style: { bold: true } }, { type: 'link', url: 'https://x.example' }),
      {
        type: 'rich_text_list',
        style: 'bullet',
        indent: 1,
        elements: [inline({ type: 'user', user_id: 'U1' })],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code' }] },
    ],
  },
]);

takes('a table', [
  {
    type: 'table',
    rows: [
      [raw('a'), { type: 'raw_number', value: 1, text: '1' }],
      [raw('b'), { type: 'rich_text', elements: [inline({ type: 'text', text: 'c' })] }],
    ],
    column_settings: [null, { align: 'right' }],
  },
]);

takes('the same action_id in two blocks', [
  actions(button({ action_id: 'a' })),
  section({ accessory: button({ action_id: 'a' }) }),
]);
