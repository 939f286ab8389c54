import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { eventRules } from '#src/billing-events/event-types.ts';
import { parseInput } from '#src/runner/define-command.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { reasonInput } from '#src/runner/runner.ts';
import { seedSpellings, translateSeedSpelling } from '#src/terminal/seed-spellings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every file under commands/ is a row of the table, named by its path', () => {
  const paths = readdirSync(join(root, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .map((name) =>
      name
        .replace(/\.ts$/, '')
        .replace('/', ' ')
        .replace(/^lucy /, ''),
    );
  expect(commands.map((command) => command.name).sort()).toEqual(paths.sort());
});

test('the table is alphabetical, and every command has an example that parses and is complete', () => {
  const names = commands.map((command) => command.name);
  expect(names).toEqual([...names].sort());
  for (const command of commands) {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const parsed = parseLine(commands, example);
      expect(parsed.command.name, example).toBe(command.name);
      expect(() => parseInput(command.input, parsed.raw), example).not.toThrow();
    }
  }
});

test('every changing command takes a reason, or what says it as well, and a ticket', () => {
  for (const command of commands.filter((candidate) => candidate.effect !== 'reads')) {
    expect(Object.keys(command.input.shape), command.name).toEqual(
      expect.arrayContaining([reasonInput(command), 'ticket']),
    );
  }
});

test('every `lucy …` line in the docs parses', () => {
  const docs = [
    'README.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const lines = docs.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/^(?:\$ )?(?:npx |\/)lucy (.+)$/gm)].map((match) => ({
      path,
      line: match[1] ?? '',
    })),
  );
  expect(lines.length).toBeGreaterThan(3);
  for (const { path, line } of lines) {
    const words = line.replace(/\s+#.*$/, '');
    const isSeed = seedSpellings.some((spelling) => words.startsWith(spelling.words.join(' ')));
    const translated = isSeed
      ? translateSeedSpelling(words.split(' ').filter((word) => word !== '--yes'))?.join(' ')
      : words;
    expect(
      () => parseLine(commands, (translated ?? '').replace(/ --(yes|json|dry-run)\b/g, '')),
      `${path}: ${line}`,
    ).not.toThrow();
  }
});

test('every Stripe event that Lucy takes says why', () => {
  expect(Object.keys(eventRules).length).toBeGreaterThan(30);
  for (const [type, rule] of Object.entries(eventRules)) expect(rule.why.length, type).toBeGreaterThan(10);
});
