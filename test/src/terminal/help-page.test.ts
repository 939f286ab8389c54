import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { pageFor } from '#src/terminal/help-page.ts';
import { helpFor, pagesOf } from '#src/terminal/help-text.ts';

const pages = pagesOf(commands);

test('help that was made ahead is the help that would be made now', () => {
  const nouns = commands.map(({ name }) => name.split(' ')[0] ?? '');
  const asked = [
    [],
    ['--help'],
    ['--help', 'credits'],
    ['entitlements', 'adjust', '--help'],
    ...commands.map(({ name }) => [...name.split(' '), '--help']),
    ...nouns.flatMap((noun) => [[noun], [noun, '--help'], [noun.toUpperCase(), '--help']]),
  ];
  for (const tokens of asked) {
    const page = pageFor(pages, tokens);
    // A noun that is a command too, such as `status`, does something without --help.
    expect({ tokens, page }).toEqual({ tokens, page: helpFor(commands, tokens) });
  }
});

test('what is not plain is left to whoever knows the commands', () => {
  for (const tokens of [
    ['credits', 'gratn', '--help'],
    ['credits', 'grant', 'sofia@firm.com', '--help'],
    ['credits', '--help', 'grant'],
    ['credits', 'grant'],
    ['status'],
    ['toString', '--help'],
  ])
    expect({ tokens, page: pageFor(pages, tokens) }).toEqual({ tokens, page: null });
});
