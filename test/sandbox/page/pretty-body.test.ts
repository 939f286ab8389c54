import { expect, test } from 'vitest';
import { prettyBody } from '#sandbox/page/browser/panel/pretty-body.ts';

test.each([
  ['', '(empty)'],
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['command=%2Flucy&text=help+me', 'command = /lucy\ntext = help me'],
  ['payload=%7B%22a%22%3A1%7D', 'payload =\n{\n  "a": 1\n}'],
  ['{broken', '{broken'],
  ['just words', 'just words'],
])('%s', (body, expected) => {
  expect(prettyBody(body)).toBe(expected);
});
