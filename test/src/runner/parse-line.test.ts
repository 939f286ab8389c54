import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { parseLine, tokenize } from '#src/runner/parse-line.ts';

const grant = { email: 'sofia@firm.com', count: '100', reason: 'lost upload', ticket: 'ZD-812' };

test.each([
  'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812',
  'Credits GRANT --email sofia@firm.com --count 100 --reason="lost upload" --ticket=ZD-812',
  'credits grant --user sofia@firm.com --amount 100 --reason “lost upload” --ticket ZD-812',
  'credits grant 	 sofia@firm.com   100 —reason ‘lost upload’ –ticket ZD-812',
  'credits grant --ticket ZD-812 --reason "lost upload" sofia@firm.com 100',
  'credits grant --count 100 sofia@firm.com --credits 100 --reason "lost upload" --ticket ZD-812',
])('%s', (line) => {
  expect(parseLine(commands, line)).toMatchObject({ command: { name: 'credits grant' }, raw: grant });
});

test.each([
  ['o’brien isn’t in', ["o'brien", "isn't", 'in']],
  ['--reason "it’s late" x', ['--reason', "it's late", 'x']],
  ['a "" b', ['a', '', 'b']],
  ['"unclosed quote', ['"unclosed', 'quote']],
  ['', []],
])('%s is read as a shell would', (line, tokens) => {
  expect(tokenize(line)).toEqual(tokens);
});

test.each([
  ['credits garnt x', 'Lucy does not know “credits garnt”.', 'Did you mean “credits grant”?'],
  [
    'credits fly',
    'Lucy does not know “credits fly”.',
    '“credits” can: credits audit, credits consume, credits grant',
  ],
  ['constructor', 'Lucy does not know “constructor”.', 'Type “help”'],
  ['credits grant a b c', '“c” is one word too many for “credits grant”.', 'Put text with spaces in quotes.'],
  ['credits grant --nonsense 5', '“credits grant” does not know --nonsense.', 'It knows --email, --count'],
  ['credits grant --email', '--email needs a value.', 'For example: credits grant'],
  ['credits grant --email --count 5', '--email needs a value.', 'For example'],
])('“%s” is told as what it is', (line, message, hint) => {
  expect(() => parseLine(commands, line)).toThrow(
    expect.objectContaining({ code: 'usage', message, hint: expect.stringContaining(hint) }),
  );
});

test('only a command that says so takes all the words that are left', () => {
  expect(parseLine(commands, 'help credits grant').raw).toEqual({ command: 'credits grant' });
  expect(parseLine(commands, 'help').raw).toEqual({});
  expect(() => parseLine(commands, 'whoami really')).toThrow('one word too many');
});

test.each([
  ['audit search --csv --ticket ZD-812', { csv: 'true', ticket: 'ZD-812' }],
  ['audit search --ticket ZD-812 --csv', { csv: 'true', ticket: 'ZD-812' }],
  ['audit search --csv=false', { csv: 'false' }],
  ['audit search --csv true --ticket ZD-812', { csv: 'true', ticket: 'ZD-812' }],
  ['audit search --csv --help', { csv: 'true' }],
])('“%s”: an input that is only said needs no value', (line, raw) => {
  expect(parseLine(commands, line).raw).toEqual(raw);
});

test('it takes no other word for its value', () => {
  expect(() => parseLine(commands, 'audit search --csv ZD-812')).toThrow('“ZD-812” is one word too many');
});

test('an email that begins with hyphens is an email, and no flag', () => {
  expect(parseLine(commands, 'customer show --x@firm.com')).toMatchObject({ raw: { email: '--x@firm.com' } });
  expect(parseLine(commands, 'customer show --email=--x@firm.com')).toMatchObject({
    raw: { email: '--x@firm.com' },
  });
});
