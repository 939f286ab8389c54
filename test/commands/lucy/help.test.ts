import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

test('without words: what the caller may run, by noun, and nothing else', async () => {
  const { lucy } = await terminalWorld();

  const admin = await lucy('help');
  const oncall = await lucy('help', staff('oncall'));
  const nobody = await lucy('help --json', staff());

  expect(admin.out).toContain(`You can run ${commands.length} commands.`);
  expect(admin.out).toMatch(/^credits$/m);
  expect(oncall.out).toContain('webhook replay [EVENT]');
  expect(oncall.out).not.toContain('credits grant EMAIL');
  expect(nobody.json<{ commands: { name: string }[] }>().commands.map(({ name }) => name)).toEqual([
    'help',
    'whoami',
  ]);
});

test('with the words of a command: usage, inputs and examples', async () => {
  const { lucy } = await terminalWorld();

  const typed = await lucy('help credits grant');

  expect(typed.out).toContain('credits grant EMAIL COUNT --reason …');
  expect(typed.out).toContain('--ticket');
  expect(typed.out).toContain('credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  expect((await lucy('help tier')).out).toContain('tier reset EMAIL');
  expect((await lucy('help "credits grant"')).out).toContain('credits grant EMAIL COUNT');
});

test('a command that the caller may not run is explained all the same', async () => {
  const { lucy } = await terminalWorld();

  const typed = await lucy('help credits grant', staff());

  expect(typed.out).toContain('You may not run it yourself');
  expect(typed.out).toMatch(/Who +support, billing and admin/);
});

test.each([
  ['help credits garnt', 'Did you mean “lucy credits grant”?'],
  ['help whomai', 'Did you mean “lucy whoami”?'],
  ['help xyzzy', 'Type “lucy help” to see everything that Lucy can do.'],
])('“%s” gets the nearest match', async (line, sentence) => {
  const { lucy } = await terminalWorld();

  const typed = await lucy(line);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
});
