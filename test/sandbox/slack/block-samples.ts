import { expect, test } from 'vitest';
import { checkBlocks } from '#sandbox/slack/block-kit/check-blocks.ts';
import { problemFields } from '#sandbox/slack/block-kit/problem-messages.ts';
import type { Surface } from '#sandbox/slack/block-kit/rule.ts';

export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
export const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('x'), ...more });
export const actions = (...elements: object[]) => ({ type: 'actions', elements });
export const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
export const select = (more: object = {}) => ({ type: 'static_select', ...more });
export const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('Label'),
  element,
  ...more,
});
export const options = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ text: plain(`Option ${index}`), value: `v${index}` }));
export const raw = (text: string) => ({ type: 'raw_text', text });
export const xs = (count: number) => 'x'.repeat(count);

export const errorsOf = (blocks: unknown, surface: Surface): string[] =>
  problemFields(checkBlocks(blocks, '/blocks', surface)).errors;

/** A test that Slack says this of these blocks. */
export function refuses(
  what: string,
  blocks: object[],
  message: string,
  pointer: string,
  surface: Surface = 'message',
): void {
  test(what, () => {
    expect(errorsOf(blocks, surface)).toContain(`${message} [json-pointer:${pointer}]`);
  });
}

/** A test that Slack takes these blocks. */
export function takes(what: string, blocks: object[], surface: Surface = 'message'): void {
  test(what, () => {
    expect(errorsOf(blocks, surface)).toEqual([]);
  });
}
