import { expect, test } from 'vitest';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

test.each([
  ['status --jsn', 'Did you mean --json? It knows --out, --json, --help.'],
  ['incident list --last 3', 'It knows --out, --json, --help.'],
  [
    'credits grant sofia@firm.com 5 --reson "lost upload"',
    'Did you mean --reason? It knows --email, --count',
  ],
  ['incident declare --yes', 'TITLE is missing: Say in a few words what is wrong'],
  ['incident declare', 'For example: lucy incident declare'],
  ['escalation take', 'ESCALATION is missing'],
  ['credits grant sofia@firm.com 5', 'To do it: lucy credits grant sofia@firm.com 5 --reason "why" --yes'],
  [
    'credits grant sofia@firm.com 5 --reason "lost upload"',
    `To do it: lucy credits grant sofia@firm.com 5 --reason 'lost upload' --yes`,
  ],
  ['customer show', 'Name a customer'],
])('“%s” is told what to type', async (line, sentence) => {
  const { lucy } = await sofiaWorld();
  const typed = await lucy(line, staff('admin', 'oncall'));
  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
});

test('several wrong fields are told apart', async () => {
  const { lucy } = await sofiaWorld();
  const typed = await lucy('credits grant sofia@firm.com none --reason . --yes');
  expect(typed.err).toMatch(/^count: .*[^.]; reason: Say why in words a colleague will understand\.$/m);
});

test('a noun alone, and with --help, lists what it can; help ends with an example of the same noun', async () => {
  const { lucy } = await sofiaWorld();
  for (const line of ['incident', 'incident --help', 'Incident -h']) {
    const typed = await lucy(line);
    expect(typed.code, line).toBe(0);
    expect(typed.out).toContain('lucy incident declare TITLE');
    expect(typed.out).toContain('More about one of them: lucy incident change --help');
    expect(typed.out).not.toContain('credits grant');
  }
  expect((await lucy('help incident')).out).toContain('More about one of them: lucy help incident change');
  const flags = await lucy('incident declare --help');
  expect(flags.out).toContain('Private (optional, takes no value). Nothing of it is ever published');
});
