import { actions, button, input, mrkdwn, plain, raw, refuses, section, xs } from './block-samples.ts';

const divider = { type: 'divider' };
const list = { type: 'rich_text_list', elements: [{ type: 'rich_text_section', elements: [] }] };
const table = (...rows: object[][]) => ({ type: 'table', rows });

const tooLong = (max: number) => `must be less than ${max + 1} characters`;
const tooMany = (max: number) => `no more than ${max} items allowed`;

refuses('51 blocks', Array(51).fill(divider), tooMany(50), '/blocks');
refuses('101 blocks in a modal', Array(101).fill(divider), tooMany(100), '/blocks', 'modal');
refuses('a block without type', [{ text: plain('x') }], 'missing required field: type', '/blocks/0');
refuses('a block that does not exist', [{ type: 'text' }], 'unsupported type: text', '/blocks/0/type');
refuses(
  'a block that this sandbox does not know',
  [{ type: 'carousel' }],
  'the sandbox does not know carousel blocks',
  '/blocks/0/type',
);
refuses(
  'two equal block_ids',
  [section({ block_id: 'b' }), section({ block_id: 'b' })],
  '`block_id` "b" already exists',
  '/blocks/1/block_id',
);
refuses('a long block_id', [section({ block_id: xs(256) })], tooLong(255), '/blocks/0/block_id');

refuses('a long section', [section({ text: mrkdwn(xs(3001)) })], tooLong(3000), '/blocks/0/text/text');
refuses(
  'an empty text',
  [section({ text: mrkdwn('') })],
  'must be more than 0 characters',
  '/blocks/0/text/text',
);
refuses(
  'emoji on mrkdwn',
  [section({ text: { ...mrkdwn('x'), emoji: true } })],
  'invalid additional property: emoji',
  '/blocks/0/text',
);
refuses('a text that is no object', [section({ text: 'x' })], 'must provide an object', '/blocks/0/text');
refuses(
  'a section of nothing',
  [{ type: 'section' }],
  'must define either `text` or `fields`',
  '/blocks/0/type',
);
refuses(
  '11 fields',
  [{ type: 'section', fields: Array(11).fill(plain('x')) }],
  tooMany(10),
  '/blocks/0/fields',
);
refuses(
  'a long field',
  [{ type: 'section', fields: [plain(xs(2001))] }],
  tooLong(2000),
  '/blocks/0/fields/0/text',
);

refuses(
  'mrkdwn in a header',
  [{ type: 'header', text: mrkdwn('x') }],
  'unsupported type: mrkdwn',
  '/blocks/0/text/type',
);
refuses('a long header', [{ type: 'header', text: plain(xs(151)) }], tooLong(150), '/blocks/0/text/text');
refuses(
  '11 pieces of context',
  [{ type: 'context', elements: Array(11).fill(plain('x')) }],
  tooMany(10),
  '/blocks/0/elements',
);
refuses('26 buttons', [actions(...Array(26).fill(button()))], tooMany(25), '/blocks/0/elements');
refuses('no button', [actions()], 'must provide at least 1 items', '/blocks/0/elements');
refuses(
  'a long label',
  [input({ type: 'plain_text_input' }, { label: plain(xs(2001)) })],
  tooLong(2000),
  '/blocks/0/label/text',
);
refuses(
  'an image with a file and a URL',
  [{ type: 'image', alt_text: 'x', image_url: 'https://x', slack_file: { id: 'F1' } }],
  'must define either `image_url` or `slack_file`',
  '/blocks/0',
);
refuses(
  'an image without alt_text',
  [{ type: 'image', image_url: 'https://x' }],
  'missing required field: alt_text',
  '/blocks/0',
);

refuses(
  'markdown in a modal',
  [{ type: 'markdown', text: 'x' }],
  'unsupported type: markdown',
  '/blocks/0/type',
  'modal',
);
refuses('a table in a modal', [table([raw('x')])], 'unsupported type: table', '/blocks/0/type', 'modal');
refuses(
  'an alert in a message',
  [{ type: 'alert', text: plain('x') }],
  'unsupported type: alert',
  '/blocks/0/type',
);
refuses(
  'too much markdown in all',
  [
    { type: 'markdown', text: xs(7000) },
    { type: 'markdown', text: xs(7000) },
  ],
  tooLong(12_000),
  '/blocks',
);
refuses(
  'a list without style',
  [{ type: 'rich_text', elements: [list] }],
  'missing required field: style',
  '/blocks/0/elements/0',
);
refuses('21 cells', [table(Array(21).fill(raw('x')))], tooMany(20), '/blocks/0/rows/0');
refuses('101 rows', [table(...Array(101).fill([raw('x')]))], tooMany(100), '/blocks/0/rows');
refuses('an empty cell', [table([raw('')])], 'must be more than 0 characters', '/blocks/0/rows/0/0/text');
refuses(
  'a table of more than 10,000',
  [table([raw(xs(6000)), raw(xs(4001))])],
  tooLong(10_000),
  '/blocks/0/rows',
);
