import { expect, test } from 'vitest';
import { refusalOfMessageBlocks } from '#sandbox/slack/block-kit/check-message.ts';
import { checkView } from '#sandbox/slack/block-kit/check-view.ts';
import { problemFields } from '#sandbox/slack/block-kit/problem-messages.ts';
import { mrkdwn, plain, raw, section, xs } from './block-samples.ts';

test('the error of a message, in Slack’s two spellings', () => {
  const refusal = refusalOfMessageBlocks([section({ text: mrkdwn(xs(3001)) })]);
  expect(refusal?.error).toBe('invalid_blocks');
  const { errors, response_metadata: metadata } = problemFields(refusal?.problems ?? []);
  expect(errors.at(-1)).toBe('must be less than 3001 characters [json-pointer:/blocks/0/text/text]');
  expect(metadata.messages).toEqual([
    '[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]',
    '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ]);
});

test('blocks that are no list, two tables, too many characters in all', () => {
  expect(refusalOfMessageBlocks('[')).toEqual({ error: 'invalid_blocks_format', problems: [] });
  const table = { type: 'table', rows: [[raw('x')]] };
  expect(refusalOfMessageBlocks([table, table])).toMatchObject({ error: 'invalid_attachments' });
  const long = section({ text: plain(xs(3000)) });
  expect(refusalOfMessageBlocks([long, long, long, long])).toBeNull();
  expect(refusalOfMessageBlocks([long, long, long, long, section()])).toMatchObject({
    error: 'msg_blocks_too_long',
  });
});

const words = (view: unknown, type: 'modal' | 'home') =>
  checkView(view, [type]).map((problem) => problem.message);

test('a home has no title, a modal has one', () => {
  const home = { type: 'home', blocks: [section()] };
  expect(words(home, 'home')).toEqual([]);
  expect(words({ ...home, title: plain('x') }, 'home')).toContain('invalid additional property: title');
  expect(words(home, 'modal')).toContain('unsupported type: home');
  expect(words({ type: 'modal' }, 'modal')).toEqual([
    'failed to match all allowed schemas',
    'missing required field: blocks',
    'missing required field: title',
  ]);
});

test('a view that Slack returned cannot be sent back', () => {
  const returned = { type: 'home', blocks: [], id: 'V1', hash: '1.x', state: { values: {} } };
  expect(words(returned, 'home')).toEqual([
    'failed to match all allowed schemas',
    'invalid additional property: id',
    'invalid additional property: hash',
    'invalid additional property: state',
  ]);
});
