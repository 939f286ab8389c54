import { expect, test } from 'vitest';
import { completionsFor } from '#sandbox/page/browser/composer/completions.ts';
import { lucyCommands } from './world/fake-world.ts';

const slash = [{ command: '/lucy', description: 'Ask Lucy', usageHint: '[command]' }];
const complete = (text: string) => completionsFor(text, slash, lucyCommands);

test('a slash shows the commands', () => {
  expect(complete('/').map((one) => one.words)).toEqual(['/lucy']);
  expect(complete('/x')).toEqual([]);
  expect(complete('hello /lucy')).toEqual([]);
});

test('words narrow the list', () => {
  expect(complete('/lucy cre').map((one) => one.words)).toEqual([
    '/lucy credits show',
    '/lucy credits grant',
    '/lucy credits reverse',
  ]);
  expect(complete('/lucy credits g').map((one) => one.insert)).toEqual(['/lucy credits grant ']);
});

test('a verb finds its noun', () => {
  expect(complete('/lucy gra').map((one) => one.words)).toEqual(['/lucy credits grant']);
});

test('what is typed is explained, not replaced', () => {
  const [first] = complete('/lucy credits grant sofia@firm.com 1');
  expect(first).toMatchObject({ insert: null, parameters: ['EMAIL', 'COUNT'], at: 1 });
});
